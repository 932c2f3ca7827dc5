import { Server } from "@sockeye/node";
import { createAdapter } from "@sockeye/redis";
import { Redis } from "ioredis";

const pub = new Redis("redis://localhost:6379");
const io = new Server(3000, { adapter: createAdapter(pub, pub.duplicate()) });

io.on("connection", (socket) => {
  socket.on("chat", (text) => io.emit("chat", text)); // to the clients of every server
});
