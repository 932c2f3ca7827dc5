import { Server } from "@sockeye/node";

new Server(3000).on("connection", (socket) => {
  // #region shown
  socket.on("cursor", (...args) => socket.to("board").emit("cursor", ...args));
  // #endregion shown
});
