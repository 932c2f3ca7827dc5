import { limits } from "@sockeye/limits";
import { Server } from "@sockeye/node";
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";

const storeClient = new Redis({ enableOfflineQueue: false });
const signIns = new RateLimiterRedis({
  storeClient,
  keyPrefix: "sign-in",
  points: 10,
  duration: 60,
});
const handshakes = new RateLimiterRedis({
  storeClient,
  keyPrefix: "handshake",
  points: 60,
  duration: 60,
});

limits(new Server(), {
  trustProxy: 1,
  handshakes: { limiter: handshakes, rate: 20 },
  events: { bySocket: { rate: 50 }, byUser: { limiter: signIns, rate: 1, burst: 10 } },
});
