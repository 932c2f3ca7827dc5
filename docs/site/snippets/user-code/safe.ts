import { Server } from "@sockeye/node";

// #region shown
const io = new Server(3000, { safe: true });

// #endregion shown

export { io };
