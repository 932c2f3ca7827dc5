// The application that every Socket.IO target runs: echo, acknowledgement, a room, a broadcast to it.

const ROOM = "room";

/**
 * Runs the application on a server.
 * @param {import("socket.io").Server} io
 */
export function serve(io) {
  io.on("connection", (socket) => {
    socket.on("echo", (...args) => {
      socket.emit("echo", ...args);
    });
    socket.on("ack", (data, callback) => {
      callback(data);
    });
    socket.on("join", () => {
      void socket.join(ROOM);
      socket.emit("joined");
    });
    socket.on("broadcast", (data) => {
      io.to(ROOM).emit("message", data);
    });
  });
}
