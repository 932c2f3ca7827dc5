// Two servers of this process over one log: an emitter that is none of them, and Socket.IO's client that comes back to
// another server.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "@nats-io/transport-node";
import { createJetStreamAdapter, Emitter as NatsEmitter } from "@sockeye/nats";
import { Server } from "@sockeye/node";
import { createLogAdapter, Emitter as PostgresEmitter } from "@sockeye/postgres";
import { createStreamsAdapter, Emitter } from "@sockeye/redis";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Balancer } from "./faults/balancer.ts";
import { NatsServer } from "./nats-server.ts";
import { PostgresServer } from "./postgres-server.ts";
import { postgresClient, redisClients } from "./programs/adapters.mjs";
import { RedisServer } from "./redis-server.ts";

let redis: RedisServer | null = null;
let nats: NatsServer | null = null;
let postgres: PostgresServer | null = null;

beforeAll(async () => {
  if (RedisServer.isThere) redis = await RedisServer.start();
  if (PostgresServer.isThere) postgres = await PostgresServer.start();
  if (NatsServer.isThere) nats = await NatsServer.start("", "kept");
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

const overRedis = async (name: string) => {
  const { pub, sub } = await redisClients({ kind: "", client: name, url: redis?.url ?? "" });
  const options = { key: `streams ${name}`, maxLen: 1000 };
  return {
    adapter: createStreamsAdapter(pub, options),
    emitter: new Emitter(pub, { ...options, isStreams: true }),
    end() {
      for (const each of [pub, sub]) (each as { disconnect(): unknown }).disconnect();
    },
  };
};

const overPostgres = async (name: string) => {
  const { client, end } = await postgresClient({
    kind: "",
    client: name,
    url: postgres?.url ?? "",
  });
  const options = { key: `log ${name}`, maxLen: 1000 };
  return {
    adapter: createLogAdapter(client, options),
    emitter: new PostgresEmitter(client, { ...options, isLogged: true }),
    end,
  };
};

const overNats = async () => {
  const connection = await connect({ servers: nats?.url ?? "" });
  return {
    adapter: createJetStreamAdapter(connection),
    emitter: new NatsEmitter(connection, { isJetStream: true }),
    end: () => connection.close(),
  };
};

const engines = [
  { name: "ioredis", isThere: () => redis !== null, make: overRedis },
  { name: "redis", isThere: () => redis !== null, make: overRedis },
  { name: "pg", isThere: () => postgres !== null, make: overPostgres },
  { name: "postgres", isThere: () => postgres !== null, make: overPostgres },
  { name: "jetstream", isThere: () => nats !== null, make: overNats },
];

/** The connection of a client, which is lost without a word. */
function lose(client: Socket): void {
  (client.io.engine as unknown as { close(): void }).close();
}

test.for(engines)(
  "CA20 what an emitter appends reaches clients that were away: $name",
  async ({ isThere, make, name }, { skip }) => {
    if (!isThere()) return skip(`there is no server for ${name} on this machine`);
    const { adapter, emitter, end } = await make(name);
    const servers: Server[] = [];
    await using balancer = await Balancer.start();
    for (let made = 0; made < 2; made++) {
      const http = createServer().listen(0, "127.0.0.1");
      await once(http, "listening");
      const server = new Server(http, { adapter, connectionStateRecovery: {} });
      server.on("connection", (socket) => {
        if (!socket.recovered) void socket.join("news");
        socket.emit("hello");
      });
      servers.push(server);
      balancer.targets = [...balancer.targets, (http.address() as AddressInfo).port];
    }
    const heard: unknown[] = [];
    const client = io(balancer.url, { transports: ["websocket"], reconnectionDelay: 10 });
    client.on("news", (...args) => heard.push(args[0]));
    await once(client as never, "hello");
    await emitter.to("news").emit("news", 1);
    await expect.poll(() => heard).toEqual([1]);
    const back = once(client as never, "hello");
    lose(client);
    // Its own connection is gone; the server to which it comes back is the other one.
    await emitter.to("news").emit("news", new Uint8Array([2]), { é: 2 });
    await emitter.except("news").emit("news", "wrong");
    await back;
    expect(client.recovered).toBe(true);
    await emitter.emit("news", 3);
    await expect.poll(() => heard).toHaveLength(3);
    expect([heard[0], new Uint8Array(heard[1] as Buffer), heard[2]]).toEqual([
      ...[1, new Uint8Array([2])],
      3,
    ]);
    client.disconnect();
    for (const server of servers) await server.close();
    await end();
  },
);
