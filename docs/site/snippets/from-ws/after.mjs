import { Server } from "@sockeye/node";

const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});
