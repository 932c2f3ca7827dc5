import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { createAdapter } from "@sockeye/redis";
import { Redis } from "ioredis";

const pub = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(pub, pub.duplicate()),
  healthChecks: true,
  cors: { origin: "https://chat.example.com", credentials: true },
});

process.once("SIGTERM", async () => {
  await io.drain({ delay: 5000, deadline: 30_000 });
  process.exit(0);
});

http.listen(Number(process.env.PORT ?? 3000));
