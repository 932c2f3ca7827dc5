import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

// #region shown
const server = new Server(3000, {
  onListenerError: (error, socket, event) => {
    console.log(`${event}: ${error}`); // order: Error: no such item
  },
});

server.on("connection", (socket) => {
  socket.on("order", async (item) => {
    throw new Error("no such item");
  });
});
// #endregion shown

const socket = io("http://localhost:3000");
socket.emit("order", "tea");
server.on("connection", (serverSocket) => {
  serverSocket.on("order", () => {
    setImmediate(() => socket.disconnect());
    setImmediate(() => server.close());
  });
});
