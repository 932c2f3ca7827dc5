import { Server } from "@sockeye/node";

const io = new Server(3000);

io.on("connection", (socket) => {
  socket.join("board");
  socket.relay("cursor", socket.to("board").volatile);
  socket.relay("stroke", socket.to("board"));
});
