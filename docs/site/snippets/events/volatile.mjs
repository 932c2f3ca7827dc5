import { Server } from "@sockeye/node";

const io = new Server(3000);
io.on("connection", (socket) => {
  const [x, y] = [1, 2];
  // #region shown
  socket.volatile.emit("position", x, y); // may be dropped
  io.volatile.emit("position", x, y); // of a broadcast: for each client on its own
  // #endregion shown
});
