import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000, { cleanupEmptyChildNamespaces: true });
// #region shown
server.of(/^\/tenant-\w+$/).on("connection", (socket) => {
  const tenant = socket.nsp.name.slice("/tenant-".length);
  socket.emit("welcome", tenant);
});
// #endregion shown

const socket = io("http://localhost:3000/tenant-acme");
socket.on("welcome", (tenant) => {
  console.log(tenant); // acme
  socket.disconnect();
  void server.close();
});
