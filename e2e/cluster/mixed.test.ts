// Our servers beside Socket.IO's in one cluster, and either side's emitter: the wire forms of `@socket.io/redis-adapter`,
// `@socket.io/redis-streams-adapter`, `@socket.io/postgres-adapter` and their emitters, all of them as they are published.

import { createServer } from "node:http";
import { Emitter as OfficialPostgresEmitter } from "@socket.io/postgres-emitter";
import { Emitter as OfficialEmitter } from "@socket.io/redis-emitter";
import { Server } from "@sockeye/node";
import { Emitter as PostgresEmitter } from "@sockeye/postgres";
import { createAdapter, Emitter } from "@sockeye/redis";
import { clusterCases, runClusterCase } from "@sockeye/testkit";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isBroad } from "../kit/extent.ts";
import { runEmitterCase } from "./emitter-case.ts";
import { PostgresServer } from "./postgres-server.ts";
import { ProcessCluster } from "./process-cluster.ts";
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

const brokerOf = (kind: string) => (kind === "postgres" ? postgres : redis);

/** Where Socket.IO's servers stand; the others are ours. */
function mixed(name: string, kind: string, official: readonly number[]): ProcessCluster {
  return new ProcessCluster(name, async (index) => {
    const url = brokerOf(kind)?.url ?? "";
    return official.includes(index)
      ? { server: "socket.io", engine: { kind: `official ${kind}`.trim(), url } }
      : { engine: { kind: `compatible ${kind}`.trim(), url } };
  });
}

/** What Socket.IO's servers, or this wire form, do not do. */
const LACKS: Readonly<Record<string, string>> = {
  crash: "nodes have no names: one that has died is waited for until the time is up",
  patterns: "a pattern of Socket.IO's asks none of its namespaces",
  "fetchSockets, binary": "Socket.IO's adapter answers with JSON",
  allSockets: "Socket.IO's adapter finds the sockets of its own server",
  "serverSideEmit, binary": "Socket.IO's adapter sends JSON",
};

const LATE = "a server of Socket.IO's moves its own sockets when Redis has sent that back to it";
const ORDER = { order: LATE, "socketsJoin, socketsLeave": LATE };

const one = (kind: string, lacks = LACKS) => ({
  kind,
  host: mixed(`${kind || "classic"}, one of three is Socket.IO's`, kind, [1]),
  lacks,
});

const two = (kind: string, lacks = { ...LACKS, ...ORDER }) => ({
  kind,
  host: mixed(`${kind || "classic"}, two of three are Socket.IO's`, kind, [0, 2]),
  lacks,
});

// Socket.IO's adapter for PostgreSQL keeps no order, so that cases fail now and then: in the long form only.
const SHORT = [one(""), one("sharded"), one("streams")];
const chosen =
  process.env.FAULTS === "long"
    ? [...SHORT, one("postgres"), ...["", "streams", "postgres"].map((kind) => two(kind))]
    : SHORT.slice(0, isBroad ? SHORT.length : 1);

describe.each(chosen)("$host.name", ({ host, kind, lacks }) => {
  const cases = clusterCases.filter(({ feature }) => !Object.hasOwn(lacks, feature));

  for (const each of cases) {
    test(`CA13 ${each.title}`, async ({ skip }) => {
      if (brokerOf(kind) === null) skip(`there is no server for ${kind} on this machine`);
      await runClusterCase(host, each);
    });
  }

  afterAll(async () => {
    console.info(`${host.name}: ${cases.length} of ${clusterCases.length} cases`);
    await host.stop();
  });
});

test("FW11 in the form of Socket.IO's servers, sessions cannot be forwarded, and the option is refused", async ({
  skip,
}) => {
  if (redis === null) return skip("there is no redis-server on this machine");
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  const adapter = createAdapter(client, client, { wire: "socket.io" });
  const io = new Server({ adapter, forwardSessions: true });
  expect(() => io.attach(createServer())).toThrow('wire: "socket.io"');
  await io.close();
});

/** An emitter with its client. */
interface Made {
  readonly emitter: OfficialEmitter;
  end(): unknown;
}

const overRedis = (make: (client: Redis) => unknown) => (): Made => {
  const client = new Redis(redis?.url ?? "");
  return { emitter: make(client) as OfficialEmitter, end: () => client.disconnect() };
};

const overPostgres = (make: (pool: Pool) => unknown) => (): Made => {
  // One connection: Socket.IO's emitter gives each call another one, and keeps no order.
  const pool = new Pool({ connectionString: postgres?.url, max: 1 });
  return { emitter: make(pool) as OfficialEmitter, end: () => pool.end() };
};

const wire = "socket.io";

interface EmitterKind {
  readonly whose: string;
  readonly kind: string;
  readonly make: () => Made;
  /** Where Socket.IO's servers stand. Default: the second. */
  readonly official?: readonly number[];
}

const emitters: readonly EmitterKind[] = [
  { whose: "Socket.IO's", kind: "", make: overRedis((client) => new OfficialEmitter(client)) },
  { whose: "ours", kind: "", make: overRedis((client) => new Emitter(client, { wire })) },
  {
    whose: "ours, sharded",
    kind: "sharded",
    make: overRedis((client) => new Emitter(client, { wire, isSharded: true })),
  },
  {
    whose: "ours, streams",
    kind: "streams",
    make: overRedis((client) => new Emitter(client, { wire, isStreams: true })),
  },
  {
    whose: "Socket.IO's, postgres",
    kind: "postgres",
    // Socket.IO's own servers (0.5.0) ignore it (0.1.1): it names no namespace.
    official: [],
    make: overPostgres((pool) => new OfficialPostgresEmitter(pool)),
  },
  {
    whose: "ours, postgres",
    kind: "postgres",
    make: overPostgres((pool) => new PostgresEmitter(pool, { wire })),
  },
];

describe("emitters", () => {
  test.each(emitters)("CA13 $whose reaches the clients of both", async (each) => {
    const { kind, make, official = [1], whose } = each;
    const host = mixed(`emitter ${whose}`, kind, official);
    onTestFinished(() => host.stop());
    const { emitter, end } = make();
    await runEmitterCase(host, emitter);
    await end();
  });
});
