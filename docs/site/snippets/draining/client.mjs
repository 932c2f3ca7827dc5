import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");
socket.on("connect", () => {
  console.log("connected");
  socket.emit("save", "the draft", (answer) => console.log(answer));
});
socket.on("disconnect", (reason) => console.log(reason));
