// Our servers beside Socket.IO's in one cluster, and either side's emitter: the wire form of `@socket.io/redis-adapter`
// and `@socket.io/redis-emitter`, with both of them as they are published.

import { createServer } from "node:http";
import { Emitter as OfficialEmitter } from "@socket.io/redis-emitter";
import { Server } from "@sockeye/node";
import { createAdapter, Emitter } from "@sockeye/redis";
import { clusterCases, runClusterCase } from "@sockeye/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runEmitterCase } from "./emitter-case.ts";
import { ProcessCluster } from "./process-cluster.ts";
import { RedisServer } from "./redis-server.ts";

let redis: RedisServer | null = null;

beforeAll(async () => {
  if (RedisServer.isThere) redis = await RedisServer.start();
});

afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
});

/** Where Socket.IO's servers stand; the others are ours. */
function mixed(name: string, kind: string, official: readonly number[]): ProcessCluster {
  return new ProcessCluster(name, async (index) => {
    const url = redis?.url ?? "";
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

const clusters = [
  { host: mixed("one of three is Socket.IO's", "", [1]), lacks: LACKS },
  { host: mixed("two of three are Socket.IO's", "", [0, 2]), lacks: { ...LACKS, ...ORDER } },
];

const SHARDED = {
  host: mixed("sharded, one of three is Socket.IO's", "sharded", [1]),
  lacks: LACKS,
};

const chosen =
  process.env.FAULTS === "long" ? [...clusters, SHARDED] : [...clusters.slice(0, 1), SHARDED];

describe.each(chosen)("$host.name", ({ host, lacks }) => {
  const cases = clusterCases.filter(({ feature }) => !Object.hasOwn(lacks, feature));

  for (const each of cases) {
    test(`CA13 ${each.title}`, async ({ skip }) => {
      if (redis === null) skip("there is no redis-server on this machine");
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

const emitters = [
  { whose: "Socket.IO's", kind: "", make: (client: Redis) => new OfficialEmitter(client) },
  { whose: "ours", kind: "", make: (client: Redis) => new Emitter(client, { wire: "socket.io" }) },
  {
    whose: "ours, sharded",
    kind: "sharded",
    make: (client: Redis) => new Emitter(client, { wire: "socket.io", isSharded: true }),
  },
];

describe("emitters", () => {
  test.each(emitters)("CA13 $whose reaches the clients of both", async ({ kind, make, whose }) => {
    const host = mixed(`emitter ${whose}`, kind, [1]);
    onTestFinished(() => host.stop());
    const client = new Redis(redis?.url ?? "");
    await runEmitterCase(host, make(client));
    client.disconnect();
  });
});
