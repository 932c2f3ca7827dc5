import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
// #region server
const done = new Map(); // in a real application: a table with a unique key

server.on("connection", (socket) => {
  socket.on("pay", (id, amount, answer) => {
    if (!done.has(id)) {
      done.set(id, { paid: amount });
      console.log(`paying ${amount}`); // paying 10
    }
    answer(done.get(id));
  });
});
// #endregion server

// #region client
const socket = io("http://localhost:3000", {
  retries: 5,
  ackTimeout: 10_000,
});
const id = crypto.randomUUID();
console.log(await socket.emitWithAck("pay", id, 10)); // { paid: 10 }
console.log(await socket.emitWithAck("pay", id, 10)); // { paid: 10 }
// #endregion client
socket.disconnect();
await server.close();
