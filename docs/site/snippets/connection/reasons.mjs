import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");

// #region shown
socket.on("disconnect", (reason, details) => {
  if (socket.active) return; // it comes back by itself
  console.log(`ended for good: ${reason}`, details);
});

socket.on("connect_error", (error) => {
  if (socket.active) return; // not reachable: it tries again by itself
  console.log(`refused: ${error.message}`, error.data);
});
// #endregion shown
