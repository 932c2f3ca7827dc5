// The conformance cases of buses over a real Redis, for each client and each kind of pub/sub.

import { type BusHost, busCases, runBusCase } from "@sockeye/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { faceOf, type PubSubKind } from "../../adapters/redis/src/clients.ts";
import { RedisBus } from "../../adapters/redis/src/redis-bus.ts";
import { redisClients } from "./programs/adapters.mjs";
import { RedisServer } from "./redis-server.ts";

let redis: RedisServer | null = null;

beforeAll(async () => {
  if (RedisServer.isThere) redis = await RedisServer.start();
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
});

let keys = 0;

function host(client: string, kind: PubSubKind): BusHost {
  return {
    name: `${client}, ${kind}`,
    async start() {
      const { pub, sub } = await redisClients({ kind: "", client, url: redis?.url ?? "" });
      const faces = [faceOf(pub, kind), faceOf(sub, kind)] as const;
      keys += 1;
      const settings = { channel: `{bus ${keys}}`, maxPendingBytes: 1 << 26 };
      return {
        // As several servers of one process: they share the clients.
        makeBus: () => new RedisBus(...faces, settings),
        async [Symbol.asyncDispose]() {
          for (const each of [pub, sub]) (each as { disconnect(): unknown }).disconnect();
        },
      };
    },
  };
}

const hosts = ["ioredis", "redis"].flatMap((client) =>
  (["classic", "sharded"] as const).map((kind) => host(client, kind)),
);

describe.each(hosts)("$name", (each) => {
  for (const one of busCases) {
    test(`${one.id} ${one.title}`, async ({ skip }) => {
      if (redis === null) skip("there is no redis-server on this machine");
      await runBusCase(each, one);
    });
  }
});
