// Python's stock client, which cannot recover, through `kill -9` of its server, over Redis streams.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Balancer } from "../cluster/faults/balancer.ts";
import { RedisServer } from "../cluster/redis-server.ts";
import { PythonClient } from "./python-client.ts";
import { pythonPath } from "./python-path.ts";
import { PythonProgram } from "./python-program.ts";

const PROGRAM = join(import.meta.dirname, "../cluster/programs/replay-node.mjs");
const isLong = process.env.FAULTS === "long";
const CLIENTS = isLong ? 20 : 4;
const KILLS = isLong ? 6 : 1;
const BETWEEN = isLong ? 5000 : 1500;
const INTERVAL = 20;
const PING = 1000;
/** For a busy machine to answer a ping, and to write that down. */
const SLACK = 500;

const time = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class Node {
  readonly child: ChildProcess;
  port = 0;
  /** When each number was sent that the log has taken. */
  readonly confirmed = new Map<number, number>();

  constructor(url: string) {
    const engine = { kind: "redis streams", client: "ioredis", key: "replay", url };
    const setUp = { engine, interval: INTERVAL, pingInterval: PING };
    this.child = fork(PROGRAM, { env: { ...process.env, CLUSTER_NODE: JSON.stringify(setUp) } });
    this.child.on("message", ({ at, confirmed }: { confirmed?: number; at: number }) => {
      if (confirmed !== undefined) this.confirmed.set(confirmed, at);
    });
  }

  static async start(url: string): Promise<Node> {
    const node = new Node(url);
    const [{ listening }] = (await once(node.child, "message")) as [{ listening: number }];
    node.port = listening;
    return node;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

const running: (AsyncDisposable | Node)[] = [];
afterAll(async () => {
  for (const each of running.reverse()) {
    if (each instanceof Node) await each.kill();
    else await each[Symbol.asyncDispose]();
  }
});

test("RE35 through kill -9 of its server Python's client loses nothing, and hears twice only what one ping had not proven", {
  timeout: isLong ? 180_000 : 60_000,
}, async ({ skip }) => {
  if (pythonPath === undefined) skip("there is no Socket.IO for Python on this machine");
  if (!RedisServer.isThere) skip("there is no Redis on this machine");
  const redis = await RedisServer.start(true);
  running.push(redis);
  const balancer = await Balancer.start();
  const program = new PythonProgram("client.py");
  running.push(balancer, program);
  const nodes: Node[] = [];
  const begin = async (at: number): Promise<void> => {
    const node = await Node.start(redis.url);
    running.push(node);
    nodes[at] = node;
    balancer.targets = nodes.slice(1).map(({ port }) => port);
  };
  // The first sends; the clients are on the others.
  for (const at of [0, 1, 2]) await begin(at);
  const [sender] = nodes as [Node];
  const names = Array.from({ length: CLIENTS }, (_, index) => `d${index}`);
  for (const name of names) {
    const client = new PythonClient(program, name);
    await client.connect(balancer.url, "websocket", { auth: { device: name }, reconnects: true });
  }
  sender.child.send("start");
  await time(BETWEEN);
  const killedAt: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = nodes[1 + (kill % 2)] as Node;
    // First, so that the balancer knows where to go.
    balancer.targets = nodes
      .slice(1)
      .filter((node) => node !== victim)
      .map(({ port }) => port);
    killedAt.push(Date.now());
    await victim.kill();
    await begin(1 + (kill % 2));
    await time(BETWEEN);
  }
  sender.child.send("stop");
  await time(SLACK);
  const total = sender.confirmed.size;
  const numbersOf = (name: string): number[] =>
    program
      .inbox(`${name} /`)
      .kept("n")
      .map(([number]) => number as number);
  const hasAll = (name: string): boolean => new Set(numbersOf(name)).size === total;
  for (const end = Date.now() + 10_000; Date.now() < end && !names.every(hasAll); ) await time(50);
  let doubled = 0;
  let lost = 0;
  let reordered = 0;
  let tooOld = 0;
  let reconnections = 0;
  for (const name of names) {
    const seen = new Set<number>();
    for (const number of numbersOf(name)) {
      if (seen.has(number)) {
        doubled += 1;
        const sentAt = sender.confirmed.get(number) ?? 0;
        if (!killedAt.some((at) => sentAt >= at - PING - SLACK && sentAt <= at + SLACK))
          tooOld += 1;
      } else if (number !== seen.size + 1) reordered += 1;
      seen.add(number);
    }
    lost += total - seen.size;
    reconnections += program.inbox(`${name} /`).kept("connect").length - 1;
  }
  console.info(
    `${CLIENTS} Python clients, ${KILLS} kills: ${total} sent, ${lost} lost, ${reordered} out of order, ` +
      `${doubled} doubled, ${tooOld} of them older than a ping, ${reconnections} reconnections`,
  );
  expect({ lost, reordered, tooOld }).toEqual({ lost: 0, reordered: 0, tooOld: 0 });
  expect(reconnections).toBeGreaterThanOrEqual(CLIENTS / 2);
  expect(total).toBeGreaterThan(100);
});
