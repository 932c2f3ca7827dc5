// A module worker with a socket: it connects as it is told, and answers what it is asked.
import { io } from "/socket.io/socket.io.esm.min.js";

addEventListener("message", ({ data: { address, options } }) => {
  const socket = io(address, options);
  socket.on("connect", () => postMessage(["connect", socket.id]));
  socket.on("disconnect", (reason) => postMessage(["disconnect", reason]));
  socket.on("connect_error", (error) => postMessage(["connect_error", error.message]));
  socket.on("ask", (bytes, answer) => {
    postMessage(["ask", bytes instanceof ArrayBuffer]);
    answer(bytes.slice(1));
    socket.disconnect();
  });
});
