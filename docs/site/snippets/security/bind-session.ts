import { Server } from "@sockeye/node";

// #region shown
const io = new Server(3000, {
  bindSession: (request) => request.headers.cookie,
});

// #endregion shown

export { io };
