// The conformance cases of logs and leases over a real Redis, for each client.

import {
  type LeaseHost,
  type LogHost,
  leaseCases,
  logCases,
  runLeaseCase,
  runLogCase,
} from "@sockeye/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { commandsOf } from "../../adapters/redis/src/streams/commands.ts";
import { RedisLeases } from "../../adapters/redis/src/streams/redis-leases.ts";
import { RedisLog } from "../../adapters/redis/src/streams/redis-log.ts";
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

async function connect(client: string) {
  const { pub, sub } = await redisClients({ kind: "", client, url: redis?.url ?? "" });
  const commands = commandsOf(pub);
  keys += 1;
  const end = (): void => {
    for (const each of [pub, sub]) (each as { disconnect(): unknown }).disconnect();
  };
  return { commands, prefix: `{log ${keys}}:`, end };
}

function logHost(client: string): LogHost {
  return {
    name: client,
    async start() {
      const { commands, end, prefix } = await connect(client);
      const settings = { prefix, maxLen: 1000, maxPendingBytes: 1 << 26, blockFor: 50 };
      const logs: RedisLog[] = [];
      return {
        makeLog() {
          const log = new RedisLog(commands, settings);
          logs.push(log);
          return log;
        },
        async trim(count) {
          await commands.send(prefix, ["XTRIM", `${prefix}log`, "MAXLEN", String(count)]);
        },
        async lose() {
          await commands.send(prefix, ["FLUSHALL"]);
        },
        async [Symbol.asyncDispose]() {
          for (const log of logs) log.close();
          end();
        },
      };
    },
  };
}

function leaseHost(client: string): LeaseHost {
  return {
    name: client,
    async start() {
      const { commands, end, prefix } = await connect(client);
      return {
        leases: new RedisLeases(commands, prefix),
        elapse: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
        async [Symbol.asyncDispose]() {
          end();
        },
      };
    },
  };
}

/** `npm run faults:cluster` takes both. */
const clients = process.env.FAULTS === "long" ? ["ioredis", "redis"] : ["redis"];

describe.each(clients)("log and leases in Redis: %s", (client) => {
  for (const each of logCases) {
    test(`${each.id} ${each.title}`, async ({ skip }) => {
      if (redis === null) skip("there is no redis-server on this machine");
      await runLogCase(logHost(client), each);
    });
  }

  for (const each of leaseCases) {
    test(`${each.id} ${each.title}`, async ({ skip }) => {
      if (redis === null) skip("there is no redis-server on this machine");
      await runLeaseCase(leaseHost(client), each);
    });
  }
});
