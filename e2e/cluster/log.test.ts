// The conformance cases of logs and leases over real brokers, for each client.

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
import { postgresLeaseHost, postgresLogHost } from "./postgres-log-hosts.ts";
import { PostgresServer } from "./postgres-server.ts";
import { redisClients } from "./programs/adapters.mjs";
import { RedisServer } from "./redis-server.ts";

let redis: RedisServer | null = null;
let postgres: PostgresServer | null = null;

beforeAll(async () => {
  if (RedisServer.isThere) redis = await RedisServer.start();
  if (PostgresServer.isThere) postgres = await PostgresServer.start();
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
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

/** One of each broker in the short form; `npm run faults:cluster` takes all. */
const isLong = process.env.FAULTS === "long";
const url = (): string => postgres?.url ?? "";

const engines = [
  ...(isLong ? ["ioredis", "redis"] : ["redis"]).map((client) => ({
    name: `Redis: ${client}`,
    isThere: () => redis !== null,
    hosts: [logHost(client), leaseHost(client)] as const,
  })),
  ...["pg", "postgres"].map((client) => ({
    name: `PostgreSQL: ${client}`,
    isThere: () => postgres !== null,
    hosts: [postgresLogHost(client, url), postgresLeaseHost(client, url)] as const,
  })),
];

describe.each(engines)("log and leases in $name", ({ hosts: [log, leases], isThere, name }) => {
  const need = (skip: (note: string) => void): void => {
    if (!isThere()) skip(`there is no server of ${name} on this machine`);
  };

  for (const each of logCases) {
    test(`${each.id} ${each.title}`, async ({ skip }) => {
      need(skip);
      await runLogCase(log, each);
    });
  }

  for (const each of leaseCases) {
    test(`${each.id} ${each.title}`, async ({ skip }) => {
      need(skip);
      await runLeaseCase(leases, each);
    });
  }
});
