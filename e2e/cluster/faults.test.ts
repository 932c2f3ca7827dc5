// What is lost when a broker restarts, when a server is cut off, goes deaf or is killed: that nothing is lost, doubled or
// reordered in silence. The short form; `npm run faults:cluster` runs it at length and prints the table of docs/scaling.md.

import type { Reported } from "@sockeye/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TcpProxy } from "./faults/tcp-proxy.ts";
import { type Account, Traffic } from "./faults/traffic.ts";
import { NatsServer } from "./nats-server.ts";
import { PostgresServer } from "./postgres-server.ts";
import { type NodeProcess, ProcessCluster } from "./process-cluster.ts";
import { RedisServer } from "./redis-server.ts";

const isLong = process.env.FAULTS === "long";
const CLIENTS = isLong ? 20 : 2;
const INTERVAL_MS = isLong ? 5 : 10;
const BEFORE_MS = isLong ? 3000 : 300;
// More than two heartbeats of 400 ms and their echoes, on a machine that is busy as well.
const CUT_MS = isLong ? 10_000 : 2000;
const RESTART_MS = isLong ? 2000 : 1000;
// Heartbeats are 400 ms apart; the clients of Redis wait up to two seconds between their attempts.
const SETTLING_MS = isLong ? 8000 : 2500;

const time = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface World {
  readonly broker: RedisServer | NatsServer | PostgresServer;
  readonly proxies: readonly TcpProxy[];
  readonly members: readonly NodeProcess[];
  readonly traffic: Traffic;
}

const rows: string[][] = [];

const kinds = [
  { engine: "redis", kind: "redis", client: "ioredis" },
  ...(isLong
    ? [
        { engine: "postgres", kind: "postgres", client: "pg" },
        { engine: "redis, redis 5", kind: "redis", client: "redis" },
        { engine: "sharded", kind: "redis sharded", client: "ioredis" },
        { engine: "sharded, redis 5", kind: "redis sharded", client: "redis" },
        { engine: "nats", kind: "nats", client: "" },
      ]
    : []),
];

const BROKERS: Readonly<
  Record<string, typeof RedisServer | typeof NatsServer | typeof PostgresServer>
> = {
  nats: NatsServer,
  postgres: PostgresServer,
};

/** Where a broker of this kind is, on a port of this machine. */
function urlOf(kind: string, port: number): string {
  if (kind === "postgres") return `postgres://postgres@127.0.0.1:${port}/postgres`;
  return `${kind === "nats" ? "nats" : "redis"}://127.0.0.1:${port}`;
}

describe.each(kinds)("$engine", ({ client, engine, kind }) => {
  const Broker = BROKERS[kind] ?? RedisServer;
  let broker: World["broker"] | null = null;
  let proxies: TcpProxy[] = [];

  const host = new ProcessCluster(engine, async (index) => {
    const url = urlOf(kind, proxies[index]?.port ?? 0);
    return { engine: { kind, client, key: `faults-${kind.replace(" ", "-")}`, url } };
  });

  beforeAll(async () => {
    if (!Broker.isThere) return;
    broker = await Broker.start();
    const { port } = broker;
    proxies = await Promise.all([1, 2, 3].map(() => TcpProxy.start(port)));
  });

  afterAll(async () => {
    await host.stop();
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  /** What the first server has reported in the end. */
  let reported: Reported | null = null;

  /** Runs traffic with something that happens in the middle of it. */
  async function run(fault: string, happen: (world: World) => Promise<void>): Promise<Account> {
    await using context = await host.start();
    const members = context.members as unknown as readonly NodeProcess[];
    const before = new Traffic(members);
    const earlier = await before.account();
    const traffic = new Traffic(members);
    await traffic.connect(CLIENTS);
    traffic.start(INTERVAL_MS);
    await time(BEFORE_MS);
    await happen({ broker: broker as World["broker"], proxies, members, traffic });
    await time(BEFORE_MS);
    await traffic.stop(SETTLING_MS);
    const account = await traffic.account();
    // Less than before when a server that has refused some was killed.
    const refused = Math.max(0, account.refused - earlier.refused);
    const { doubled, expected, lost, reordered, silent } = account;
    const [first] = members;
    if (first?.isAlive === true) reported = (await first.do({ op: "reported" })) as Reported;
    rows.push([
      engine,
      fault,
      ...[expected, lost, silent, doubled, reordered, refused].map(String),
    ]);
    return account;
  }

  const fault = (title: string, happen: (world: World) => Promise<void>) =>
    test(`CA14 ${title}: nothing is lost, doubled or out of order in silence`, async ({ skip }) => {
      if (broker === null) skip(`there is no server of ${engine} on this machine`);
      const account = await run(title, happen);
      expect(account).toMatchObject({ silent: 0, doubled: 0, reordered: 0 });
    }, 120_000);

  if (isLong) fault("no fault", () => time(BEFORE_MS));

  fault("the broker is killed and started again", async ({ broker }) => {
    await broker.kill();
    await time(RESTART_MS);
    await broker.resume();
    await time(RESTART_MS);
  });

  fault("a server is cut off, with its connections reset", async ({ proxies: [proxy] }) => {
    proxy?.turn("reset");
    await time(CUT_MS);
    proxy?.turn("open");
    await time(RESTART_MS);
  });

  fault("a server hears nothing, and its connections stay", async ({ proxies: [proxy] }) => {
    proxy?.turn("held");
    await time(CUT_MS);
    proxy?.turn("open");
    await time(RESTART_MS);
  });

  test("CN11 a server that heard nothing has noticed, and noticed that it hears again", ({
    skip,
  }) => {
    if (broker === null) skip(`there is no server of ${engine} on this machine`);
    expect(reported?.deaf).toBeGreaterThan(0);
    expect(reported?.healed).toBeGreaterThan(0);
  });

  fault("a server is killed", async ({ members: [one], traffic }) => {
    if (one === undefined) return;
    traffic.bury(one);
    await one.kill();
  });
});

afterAll(() => {
  const head = ["engine", "fault", "sent", "lost", "silent", "doubled", "reordered", "refused"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  console.info(`\nFaults\n\n${lines.join("\n")}\n`);
});
