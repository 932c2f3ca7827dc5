import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
const save = async (item) => item.length + 39;

// #region server
server.on("connection", (socket) => {
  socket.on("order", async (item, answer) => {
    const number = await save(item);
    answer({ number });
  });
});
// #endregion server

const socket = io("http://localhost:3000");
// #region client
const { number } = await socket.timeout(5000).emitWithAck("order", "tea");
console.log(number); // 42
// #endregion client
socket.disconnect();
await server.close();
