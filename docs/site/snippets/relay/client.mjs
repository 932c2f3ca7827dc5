import { io } from "@sockeye/client";

const socket = io("ws://localhost:3000");
socket.on("cursor", (x, y) => console.log(x, y));
socket.on("connect", () => {
  console.log("connected");
  socket.emit("cursor", 120, 345);
});
