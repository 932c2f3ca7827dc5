import { Server } from "@sockeye/node";

const io = new Server(3000);
io.on("connection", async (socket) => {
  const bytes = new Uint8Array(4);
  // #region shown
  socket.emit("hello", 1, { two: 2 }, bytes); // this client
  socket.broadcast.emit("hello"); // all but this client
  io.emit("hello"); // all
  io.to("room").emit("hello"); // a room
  io.to(["a", "b"]).except("c").emit("hello"); // rooms, but not that one
  socket.to("room").emit("hello"); // a room, but not this client
  io.to(socket.id).emit("hello"); // one client by its id
  io.of("/admin").emit("hello"); // a namespace
  io.local.emit("hello"); // clients of this server
  io.volatile.emit("hello"); // dropped where it cannot leave at once
  io.latest("score").emit("score", 3); // only the newest, where it has to wait
  await socket.timeout(5000).emitWithAck("hello"); // with an answer
  await io.timeout(5000).emitWithAck("hello"); // with the answers of all
  io.serverSideEmit("hello"); // the other servers
  // #endregion shown
});
