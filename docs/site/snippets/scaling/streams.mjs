import { Server } from "@sockeye/node";
import { createStreamsAdapter } from "@sockeye/redis";
import { Redis } from "ioredis";

const io = new Server(3000, {
  adapter: createStreamsAdapter(new Redis("redis://localhost:6379")),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});
