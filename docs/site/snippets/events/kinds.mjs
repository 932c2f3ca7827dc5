import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
const socket = io("http://localhost:3000");

server.on("connection", (serverSocket) => {
  serverSocket.on("values", (values) => {
    // #region received
    console.log(values.date); // 2026-01-01T00:00:00.000Z
    console.log(values.missing); // undefined
    console.log(values.nothing); // null
    console.log(JSON.stringify(values.map)); // {}
    console.log(values.bytes.length); // 3
    // #endregion received
    socket.disconnect();
    void server.close();
  });
});

// #region sent
socket.emit("values", {
  date: new Date("2026-01-01"),
  missing: undefined,
  nothing: null,
  map: new Map([["a", 1]]),
  bytes: new Uint8Array([1, 2, 3]),
});
// #endregion sent
