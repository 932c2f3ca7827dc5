import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

// #region shown
socket.on("connect_error", (error) => {
  console.error(error.message, error.code, error.hint);
});
socket.on("disconnect", (reason, details) => {
  console.warn(reason, details?.hint);
});
// #endregion shown
