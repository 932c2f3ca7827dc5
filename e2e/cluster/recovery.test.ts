// Sessions of Socket.IO's own clients over logs, while servers are killed and brokers restarted: nothing that a log has
// taken is lost, doubled or reordered in a session that goes on. The short form; `npm run faults:cluster` runs it at
// length and prints the table of docs/scaling.md.

import { afterAll, describe, expect, test } from "vitest";
import { Balancer } from "./faults/balancer.ts";
import {
  allConnected,
  connectClients,
  type FlowAccount,
  type FlowClient,
  FlowNode,
  type FlowSetUp,
} from "./faults/flow.ts";
import { TcpProxy } from "./faults/tcp-proxy.ts";
import { LOG_ENGINES, type LogBroker, type LogEngine } from "./log-engines.ts";

const isLong = process.env.FAULTS === "long";
const CLIENTS = isLong ? 60 : 6;
const INTERVAL_MS = isLong ? 20 : 40;
/** Sessions are written a moment after they begin; on a machine that is busy with other tests that takes longer. */
const BEFORE_MS = isLong ? 2000 : 1000;
const KILLS = isLong ? 5 : 1;
const BETWEEN_KILLS_MS = isLong ? 5000 : 800;
const AWAY_MS = isLong ? 2000 : 500;
const CUT_MS = 10_000;
/** What the clients of the brokers take until they have connected again. */
const BACK_MS = 2500;
const BACK_AT_MOST_MS = 20_000;

const time = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something, but not longer than that: what has not happened then shows in the account. */
async function within(limit: number, isSo: () => boolean): Promise<void> {
  const end = Date.now() + limit;
  while (!isSo() && Date.now() < end) await time(20);
}
const rows: string[][] = [];

/** How large a world is. */
interface Scale {
  readonly clients: number;
  /** Milliseconds between two turns of a server, in each of which it sends two events. */
  readonly interval: number;
  /** Whether the broker keeps its data while it is away. */
  readonly isKept: boolean;
}

const SCALE: Scale = { clients: CLIENTS, interval: INTERVAL_MS, isKept: true };
/** 200 clients, and 200 events a second from three servers, to each of them. */
const LARGE: Scale = { ...SCALE, clients: 200, interval: 30 };

/** A broker, three servers behind a balancer, and their clients. */
class World implements AsyncDisposable {
  readonly broker: LogBroker;
  readonly balancer: Balancer;
  readonly account: FlowAccount = {
    ...{ heard: 0, lost: 0, doubled: 0, reordered: 0, returns: 0, recovered: 0 },
  };
  nodes: FlowNode[] = [];
  /** Those that were killed, too. */
  readonly all: FlowNode[] = [];
  clients: readonly FlowClient[] = [];
  readonly #engine: LogEngine;
  readonly #setUp: FlowSetUp;
  /** The way of each server to the broker. */
  readonly proxies: TcpProxy[] = [];

  private constructor(broker: LogBroker, balancer: Balancer, engine: LogEngine, interval: number) {
    this.broker = broker;
    this.balancer = balancer;
    this.#engine = engine;
    const { client, kind } = engine;
    this.#setUp = { engine: { kind, client, key: "flow" }, interval };
  }

  static async start(engine: LogEngine, { clients, interval, isKept }: Scale): Promise<World> {
    const broker = await engine.start(isKept);
    const world = new World(broker, await Balancer.start(), engine, interval);
    for (let made = 0; made < 3; made++) world.proxies.push(await TcpProxy.start(broker.port));
    for (const at of [0, 1, 2]) await world.begin(at);
    world.clients = await connectClients(world.balancer, clients, world.account);
    for (const node of world.nodes) node.tell("start");
    return world;
  }

  /** Starts the server of one place. */
  async begin(at: number): Promise<FlowNode> {
    const url = this.#engine.url(this.proxies[at]?.port ?? 0);
    const node = await FlowNode.start(`node ${this.all.length}`, url, this.#setUp);
    this.all.push(node);
    this.nodes[at] = node;
    this.balancer.targets = this.nodes.filter(({ isAlive }) => isAlive).map(({ port }) => port);
    return node;
  }

  /** Ends the traffic; resolves when all has arrived. */
  async end(): Promise<void> {
    // A session that began after the last event could not show that it hears any.
    await allConnected(this.clients);
    await time(BEFORE_MS);
    for (const node of this.nodes) node.tell("stop");
    await allConnected(this.clients);
    // What is on its way to clients that have just come back. What does not come is counted as lost.
    await time(500);
    await within(10_000, () => this.clients.every((each) => each.hasHeard(this.all)));
    for (const client of this.clients) client.end(this.all);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.kill();
    for (const proxy of this.proxies) await proxy[Symbol.asyncDispose]();
    await this.balancer[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
  }
}

/** One client of each broker in the short form. */
const engines = LOG_ENGINES.filter(({ isShort }) => isLong || isShort);

describe.each(engines)("$name", (engine) => {
  /** Runs traffic with something that happens in the middle of it. */
  async function run(
    fault: string,
    happen: (world: World) => Promise<void>,
    scale = SCALE,
  ): Promise<FlowAccount> {
    await using world = await World.start(engine, scale);
    await time(BEFORE_MS);
    await happen(world);
    await world.end();
    const { doubled, heard, lost, recovered, reordered, returns } = world.account;
    const refused = world.all.reduce((sum, node) => sum + node.refused, 0);
    const numbers = [heard, lost, doubled, reordered, returns, recovered, refused];
    rows.push([engine.name, fault, ...numbers.map(String)]);
    return world.account;
  }

  const whole = { lost: 0, doubled: 0, reordered: 0 };
  const fault = (title: string, check: (title: string) => Promise<void>) =>
    test(`RE29 ${title}`, async ({ skip }) => {
      if (!engine.isThere()) skip(`there is no server for ${engine.name} on this machine`);
      await check(title);
    }, 300_000);

  const restart = async ({ broker, nodes }: World): Promise<void> => {
    await broker.kill();
    await time(AWAY_MS);
    const before = nodes.map(({ confirmed }) => confirmed);
    await broker.resume();
    // Until then events wait, and the clients hear nothing that could be missed.
    await within(BACK_AT_MOST_MS, () =>
      nodes.every(({ confirmed }, at) => confirmed > (before[at] ?? 0)),
    );
  };

  const killSome = async (world: World): Promise<void> => {
    for (let kills = 0; kills < KILLS; kills++) {
      const at = kills % 3;
      await world.nodes[at]?.kill();
      await time(BETWEEN_KILLS_MS / 2);
      (await world.begin(at)).tell("start");
      await time(BETWEEN_KILLS_MS / 2);
    }
  };

  /** All but one in a thousand, and there were some. */
  const mostRecovered = ({ recovered, returns }: FlowAccount): void => {
    expect(returns).toBeGreaterThan(0);
    expect(recovered).toBeGreaterThanOrEqual(returns * 0.999);
  };

  if (!isLong) {
    fault("a server is killed, then the broker, with its file", async (title) => {
      const account = await run(title, async (world) => {
        await killSome(world);
        await restart(world);
      });
      expect(account).toMatchObject(whole);
      mostRecovered(account);
    });
    return;
  }

  fault("a server is killed every 5 s, and another one started", async (title) => {
    const account = await run(title, killSome);
    expect(account).toMatchObject(whole);
    mostRecovered(account);
  });

  fault("200 clients, 200 events a second: a server is killed every 5 s", async (title) => {
    const account = await run(title, killSome, LARGE);
    expect(account).toMatchObject(whole);
    mostRecovered(account);
  });

  fault("all servers are killed, and started again", async (title) => {
    const account = await run(title, async (world) => {
      await Promise.all(world.nodes.map((node) => node.kill()));
      for (const at of [0, 1, 2]) (await world.begin(at)).tell("start");
      await allConnected(world.clients);
    });
    expect(account).toMatchObject({ ...whole, returns: CLIENTS, recovered: CLIENTS });
  });

  fault("the broker is killed and started again, with its file", async (title) => {
    const account = await run(title, restart);
    expect(account).toMatchObject({ ...whole, returns: 0 });
  });

  fault("the broker is killed and started again, empty: every session is told", async (title) => {
    const tell = async (world: World): Promise<void> => {
      await restart(world);
      await within(BACK_AT_MOST_MS, () => world.account.returns >= CLIENTS);
    };
    const account = await run(title, tell, { ...SCALE, isKept: false });
    expect(account).toMatchObject({ ...whole, recovered: 0 });
    // A client may come to a server that does not know yet, and is told once more.
    expect(account.returns).toBeGreaterThanOrEqual(CLIENTS);
  });

  fault("a server is cut off from the broker, with its connections reset", async (title) => {
    const account = await run(title, async ({ proxies: [proxy] }) => {
      proxy?.turn("reset");
      await time(CUT_MS);
      proxy?.turn("open");
      await time(BACK_MS);
    });
    expect(account).toMatchObject({ ...whole, returns: 0 });
  });

  fault("a server hears nothing of the broker, and its connections stay", async (title) => {
    const account = await run(title, async ({ proxies: [proxy] }) => {
      proxy?.turn("held");
      await time(CUT_MS);
      proxy?.turn("open");
      await time(BACK_MS);
    });
    expect(account).toMatchObject({ ...whole, returns: 0 });
  });
});

afterAll(() => {
  const head = ["engine", "fault", "heard", "lost", "doubled", "reordered"];
  head.push("returns", "recovered", "refused");
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  console.info(`\nSessions over logs\n\n${lines.join("\n")}\n`);
});
