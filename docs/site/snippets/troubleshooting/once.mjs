import { io } from "@sockeye/client";

const socket = io("http://localhost:3000");
const show = console.log;

// #region shown
socket.on("connect", () => {
  socket.emit("hello"); // again for each connection
});
socket.on("news", show); // once
// #endregion shown
