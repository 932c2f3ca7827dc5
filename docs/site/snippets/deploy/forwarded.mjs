import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { createAdapter } from "@sockeye/redis";
import { Redis } from "ioredis";

const httpServer = createServer();
const pub = new Redis("redis://localhost:6379");
const sub = pub.duplicate();

// #region shown
const io = new Server(httpServer, { adapter: createAdapter(pub, sub), forwardSessions: true });
// #endregion shown
