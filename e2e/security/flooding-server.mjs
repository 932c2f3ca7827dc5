// A server that sends to everybody as fast as its healthy client reads. Started with a small heap, and told when to begin.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";

const [events, bytes] = [60_000, 2000];
const PER_TURN = 20;

const http = createServer();
const io = new Server(http);
const told = [];
let healthy = null;

io.on("connection", (socket) => {
  if (socket.handshake.auth.healthy === true) healthy = socket;
  socket.on("disconnect", (reason, details) => {
    told.push({ reason, details: details?.message, buffered: socket.bufferedAmount });
  });
});

process.on("message", async () => {
  const text = "x".repeat(bytes);
  for (let sent = 0; sent < events; sent++) {
    io.emit("chunk", text);
    if (sent % PER_TURN === PER_TURN - 1) await healthy.drained();
  }
  io.emit("end", events);
  await healthy.drained();
  process.send({ told, clients: io.engine.clientsCount });
});

http.listen(0, () => process.send(http.address().port));
