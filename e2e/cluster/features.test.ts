// Every feature of a namespace over every engine, with three servers as processes and real brokers.

import { clusterCases, presenceCases, runClusterCase } from "@sockeye/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { isBroad } from "../kit/extent.ts";
import { NatsServer } from "./nats-server.ts";
import { PostgresServer } from "./postgres-server.ts";
import { ProcessCluster } from "./process-cluster.ts";
import { RedisServer } from "./redis-server.ts";

const isLong = process.env.FAULTS === "long";
let nats: NatsServer | null = null;
let redis: RedisServer | null = null;
let postgres: PostgresServer | null = null;
let keys = 0;

beforeAll(async () => {
  if (NatsServer.isThere) nats = await NatsServer.start("", "kept");
  if (RedisServer.isThere) redis = await RedisServer.start();
  if (PostgresServer.isThere) postgres = await PostgresServer.start();
});

afterAll(async () => {
  await nats?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

const ipc = (isThread: boolean) => async () => ({ engine: { kind: "ipc" }, isThread });

/** A cluster over the test's Redis, with channels of its own. */
const overRedis = (kind: string, client: string) => {
  keys += 1;
  const key = `test ${keys}`;
  return async () => ({ engine: { kind, client, key, url: redis?.url ?? "" } });
};

const overNats = (kind: string) => async () => ({
  engine: { kind, key: `test-${kind}`, url: nats?.url ?? "" },
});

/** A cluster over the test's PostgreSQL, with channels of its own. */
const overPostgres = (kind: string, client: string) => {
  keys += 1;
  const key = `test ${keys}`;
  return async () => ({ engine: { kind, client, key, url: postgres?.url ?? "" } });
};

const isThere = {
  none: () => true,
  nats: () => nats !== null,
  postgres: () => postgres !== null,
  redis: () => redis !== null,
};

const engines = [
  { needs: "none", host: new ProcessCluster("cluster, processes", ipc(false)) },
  { needs: "none", host: new ProcessCluster("cluster, threads", ipc(true)) },
  { needs: "redis", host: new ProcessCluster("redis, ioredis 5", overRedis("redis", "ioredis")) },
  { needs: "redis", host: new ProcessCluster("redis, redis 5", overRedis("redis", "redis")) },
  {
    needs: "redis",
    host: new ProcessCluster("sharded, ioredis 5", overRedis("redis sharded", "ioredis")),
  },
  {
    needs: "redis",
    host: new ProcessCluster("sharded, redis 5", overRedis("redis sharded", "redis")),
  },
  {
    needs: "redis",
    host: new ProcessCluster("streams, ioredis 5", overRedis("redis streams", "ioredis")),
  },
  {
    needs: "redis",
    host: new ProcessCluster("streams, redis 5", overRedis("redis streams", "redis")),
  },
  { needs: "nats", host: new ProcessCluster("nats", overNats("nats")) },
  { needs: "nats", host: new ProcessCluster("jetstream", overNats("jetstream")) },
  {
    needs: "postgres",
    host: new ProcessCluster("postgres, pg 8", overPostgres("postgres", "pg")),
  },
  {
    needs: "postgres",
    host: new ProcessCluster("postgres, postgres 3", overPostgres("postgres", "postgres")),
  },
  {
    needs: "postgres",
    host: new ProcessCluster("postgres log, pg 8", overPostgres("postgres log", "pg")),
  },
  {
    needs: "postgres",
    host: new ProcessCluster("postgres log, postgres 3", overPostgres("postgres log", "postgres")),
  },
] as const;

/**
 * Each broker with each client, and with its log where it has one; the adapters without a log run the suite of buses
 * (`nats.test.ts`, `postgres.test.ts`), and node:cluster its own test. `npm run faults:cluster` takes all of them.
 */
const SHORT = new Set([
  "cluster, threads",
  "redis, ioredis 5",
  "sharded, redis 5",
  "streams, ioredis 5",
  "postgres log, pg 8",
  "jetstream",
]);
/** What a person's run has: the suite without a log, and with one. */
const ONE_OF_EACH = new Set(["cluster, threads", "redis, ioredis 5", "postgres log, pg 8"]);
/** What a crash does to presence takes seconds, and is the same everywhere: once in the short form. */
const cases = (name: string) =>
  [...clusterCases, ...presenceCases].filter(
    ({ id }) => id !== "ON4" || isLong || name === "redis, ioredis 5",
  );
const chosen = engines.filter(
  ({ host: { name } }) => isLong || (isBroad ? SHORT : ONE_OF_EACH).has(name),
);

/** The engines that passed, by feature. */
const passed = new Map<string, Set<string>>(
  [...clusterCases, ...presenceCases].map(({ feature }) => [feature, new Set()]),
);

describe.each(chosen)("$host.name", ({ host, needs }) => {
  for (const each of cases(host.name)) {
    test(`${each.id} ${each.title}`, async ({ skip }) => {
      if (!isThere[needs]()) skip(`there is no server of ${needs} on this machine`);
      await runClusterCase(host, each);
      passed.get(each.feature)?.add(host.name);
    });
  }

  afterAll(() => host.stop());
});

afterAll(() => {
  const names = chosen.map(({ host }) => host.name);
  const head = ["feature", ...names];
  const rows = [...passed].map(([feature, by]) => [
    feature,
    ...names.map((name) => (by.has(name) ? "✓" : "–")),
  ]);
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  console.info(`\nEngines by feature\n\n${lines.join("\n")}\n`);
});
