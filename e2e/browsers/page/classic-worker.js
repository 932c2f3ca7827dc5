// The same in a worker that is no module, with the bundle for a script tag.
importScripts("/socket.io/socket.io.min.js");

addEventListener("message", ({ data: { address, options } }) => {
  const socket = self.io(address, options);
  socket.on("connect", () => postMessage(["connect", socket.id]));
  socket.on("disconnect", (reason) => postMessage(["disconnect", reason]));
  socket.on("connect_error", (error) => postMessage(["connect_error", error.message]));
  socket.on("ask", (bytes, answer) => {
    postMessage(["ask", bytes instanceof ArrayBuffer]);
    answer(bytes.slice(1));
    socket.disconnect();
  });
});
