// The conformance cases of logs and leases over real brokers, for each client.

import { connect } from "@nats-io/transport-node";
import type { Leases, Log } from "@sockeye/adapter/cluster";
import {
  type LeaseHost,
  type LogHost,
  leaseCases,
  logCases,
  runLeaseCase,
  runLogCase,
} from "@sockeye/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { JetStreamLeases } from "../../adapters/nats/src/jetstream/jetstream-leases.ts";
import { JetStreamLog } from "../../adapters/nats/src/jetstream/jetstream-log.ts";
import { JetStreamLink } from "../../adapters/nats/src/jetstream/link.ts";
import { namesOf } from "../../adapters/nats/src/jetstream/names.ts";
import { resolveJetStreamOptions } from "../../adapters/nats/src/options.ts";
import { commandsOf } from "../../adapters/redis/src/streams/commands.ts";
import { RedisLeases } from "../../adapters/redis/src/streams/redis-leases.ts";
import { RedisLog } from "../../adapters/redis/src/streams/redis-log.ts";
import { NatsServer } from "./nats-server.ts";
import { postgresLeaseHost, postgresLogHost } from "./postgres-log-hosts.ts";
import { PostgresServer } from "./postgres-server.ts";
import { redisClients } from "./programs/adapters.mjs";
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

let keys = 0;

/** A new place in a broker, and what is done with it. */
interface Place {
  makeLog(): Log;
  makeLeases(): Leases;
  trim(count: number): Promise<unknown>;
  lose(): Promise<unknown>;
  end(): void | Promise<void>;
}

async function inRedis(client: string): Promise<Place> {
  const { pub, sub } = await redisClients({ kind: "", client, url: redis?.url ?? "" });
  const commands = commandsOf(pub);
  keys += 1;
  const prefix = `{log ${keys}}:`;
  const settings = { prefix, maxLen: 1000, maxPendingBytes: 1 << 26, blockFor: 50 };
  return {
    makeLog: () => new RedisLog(commands, settings),
    makeLeases: () => new RedisLeases(commands, prefix),
    trim: (count) => commands.send(prefix, ["XTRIM", `${prefix}log`, "MAXLEN", String(count)]),
    lose: () => commands.send(prefix, ["FLUSHALL"]),
    end() {
      for (const each of [pub, sub]) (each as { disconnect(): unknown }).disconnect();
    },
  };
}

async function inJetStream(): Promise<Place> {
  const connection = await connect({ servers: nats?.url ?? "", maxReconnectAttempts: -1 });
  keys += 1;
  const options = resolveJetStreamOptions({ key: `log.${keys}`, maxLen: 1000, idleHeartbeat: 100 });
  const names = namesOf(options.key);
  let nodes = 0;
  const makeLink = (): JetStreamLink => {
    nodes += 1;
    return new JetStreamLink(connection, { answers: names.answersOf(`${nodes}`), domain: "" });
  };
  const stream = names.log.name;
  return {
    makeLog: () => new JetStreamLog(makeLink(), names, options),
    makeLeases: () => new JetStreamLeases(makeLink(), names, options),
    trim: (keep) => makeLink().ask(`STREAM.PURGE.${stream}`, { keep }),
    lose: () => makeLink().ask(`STREAM.DELETE.${stream}`),
    end: () => connection.close(),
  };
}

function logHost(name: string, begin: () => Promise<Place>): LogHost {
  return {
    name,
    async start() {
      const place = await begin();
      const logs: Log[] = [];
      return {
        makeLog() {
          const log = place.makeLog();
          logs.push(log);
          return log;
        },
        async trim(count) {
          await place.trim(count);
        },
        async lose() {
          await place.lose();
        },
        async [Symbol.asyncDispose]() {
          for (const log of logs) await log.close();
          await place.end();
        },
      };
    },
  };
}

function leaseHost(name: string, begin: () => Promise<Place>): LeaseHost {
  return {
    name,
    async start() {
      const place = await begin();
      return {
        leases: place.makeLeases(),
        elapse: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
        async [Symbol.asyncDispose]() {
          await place.end();
        },
      };
    },
  };
}

/** One of each broker in the short form; `npm run faults:cluster` takes all. */
const isLong = process.env.FAULTS === "long";
const url = (): string => postgres?.url ?? "";

const inPlaces = (name: string, begin: () => Promise<Place>) =>
  [logHost(name, begin), leaseHost(name, begin)] as const;

const engines = [
  ...(isLong ? ["ioredis", "redis"] : ["redis"]).map((client) => ({
    name: `Redis: ${client}`,
    isThere: () => redis !== null,
    hosts: inPlaces(client, () => inRedis(client)),
  })),
  { name: "JetStream", isThere: () => nats !== null, hosts: inPlaces("jetstream", inJetStream) },
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
