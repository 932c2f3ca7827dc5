import { Server } from "@sockeye/node";

new Server(3000).on("connection", (socket) => {
  // #region shown
  socket.on("message", (text, { outboxId }, answer) => {
    /* … */
  });
  // #endregion shown
});
