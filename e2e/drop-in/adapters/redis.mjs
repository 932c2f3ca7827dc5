// The adapters for Redis: `node redis.mjs classic | sharded | streams`.

import { createAdapter as createClassic, createShardedAdapter } from "@socket.io/redis-adapter";
import { Emitter } from "@socket.io/redis-emitter";
import { createAdapter as createStreams } from "@socket.io/redis-streams-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { converseAcross, recoverAcross, startTwo } from "./cluster.mjs";
import { next, open, report } from "./conversation.mjs";

const path = process.env.REDIS_SOCKET;
const connect = () => new Redis({ path });
const kinds = {
  classic: () => createClassic(connect(), connect()),
  sharded: () => createShardedAdapter(connect(), connect()),
  streams: () => createStreams(connect()),
};
const kind = process.argv[2];
const recovery = kind === "streams" ? { connectionStateRecovery: {} } : {};
const { servers, urls } = await startTwo(Server, kinds[kind], recovery);
const checks = await converseAcross(urls);
if (kind === "streams") checks.push(...(await recoverAcross(servers, urls[0])));
if (kind === "classic") {
  const client = open(urls[1]);
  await next(client, "connect");
  const sent = next(client, "sent");
  new Emitter(connect()).emit("sent", "by nobody's server");
  if ((await sent)[0] !== "by nobody's server") throw new Error("something else was sent");
  checks.push("emitter");
  client.disconnect();
}
for (const server of servers) await server.close();
report(checks);
process.exit(0);
