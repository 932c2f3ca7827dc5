import { Server } from "@sockeye/node";

const io = new Server(3000);
io.on("connection", (socket) => {
  // #region shown
  io.emit("news", "everyone");
  socket.emit("news", "this client");
  socket.broadcast.emit("news", "everyone but this client");
  io.to("lobby").emit("news", "everyone in the room");
  socket.to("lobby").emit("news", "everyone in the room but this client");
  io.to("lobby").to("garden").emit("news", "everyone in either room, once");
  io.except("lobby").emit("news", "everyone outside of the room");
  io.local.emit("news", "everyone on this server");
  // #endregion shown
});
