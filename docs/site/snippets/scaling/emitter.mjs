// #region shown
import { Emitter } from "@sockeye/redis";
import { Redis } from "ioredis";

const emitter = new Emitter(new Redis("redis://localhost:6379"));
await emitter.to("lobby").emit("news", "from a job");
// #endregion shown
