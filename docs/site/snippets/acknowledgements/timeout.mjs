import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
server.on("connection", (socket) => {
  socket.on("order", () => {}); // never answers
});
const socket = io("http://localhost:3000");

// #region shown
try {
  await socket.timeout(100).emitWithAck("order", "tea");
} catch (error) {
  console.log(error.code); // ERR_ACK_TIMEOUT
}

socket.timeout(100).emit("order", "tea", (error, answer) => {
  console.log(error?.message, answer); // operation has timed out undefined
  socket.disconnect();
  void server.close();
});
// #endregion shown
