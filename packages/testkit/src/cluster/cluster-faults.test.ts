// A cluster over links that fail: nothing is lost, doubled or out of order in silence. And what happens to a namespace
// when its broker refuses, and when code of the application fails for another node.

import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { SeededRandom } from "../seeded-random.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { MemoryMember } from "./memory-cluster.ts";

const CLUSTER = { heartbeatInterval: 100, heartbeatTimeout: 1000, requestsTimeout: 500 };

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
};

interface World {
  readonly clock: FakeClock;
  readonly broker: MemoryBroker;
  readonly members: readonly MemoryMember[];
  elapse(duration: number): Promise<void>;
}

async function start(count: number, settings: object = {}, core: object = {}): Promise<World> {
  const clock = new FakeClock();
  const after = (delay: number, call: () => void) => clock.after(delay, call);
  const broker = new MemoryBroker({ after, ...settings });
  const members = Array.from(
    { length: count },
    (_, index) => new MemoryMember({ name: `n${index}`, broker, clock, cluster: CLUSTER, core }),
  );
  const elapse = async (duration: number): Promise<void> => {
    for (let passed = 0; passed < duration; passed += 20) {
      clock.advance(20);
      await settle();
    }
  };
  await elapse(200);
  return { clock, broker, members, elapse };
}

test("CA3 and CN10 over links that drop, delay, double and reorder, each client hears in order, once, and every loss is told", async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = new SeededRandom(seed);
    const { broker, elapse, members } = await start(3, { reorderWindow: 300 });
    const gaps = members.map(() => 0);
    for (const [index, { adapter }] of members.entries()) {
      adapter.diagnostics.gap.subscribe(({ missed, node }) => {
        if (node === "n0") gaps[index] = (gaps[index] ?? 0) + missed;
      });
    }
    const clients = await Promise.all(members.map((member) => member.connect()));
    broker.link = () => {
      if (random.once(12)) return [];
      const delay = random.below(60);
      return random.once(10) ? [delay, random.below(200)] : [delay];
    };
    const total = 60;
    for (let number = 0; number < total; number++) {
      void members[0]?.server.emit("n", number);
      if (random.once(4)) await elapse(20);
    }
    await elapse(200);
    broker.link = null;
    await elapse(2500);
    for (const [index, client] of clients.entries()) {
      const numbers = client.unread.map(([, number]) => number as number);
      const label = `seed ${seed}, node ${index}`;
      expect(numbers, label).toEqual([...new Set(numbers)].sort((one, other) => one - other));
      const lost = total - numbers.length;
      // Lost heartbeats are counted as well.
      if (lost > 0) expect(gaps[index], label).toBeGreaterThanOrEqual(lost);
      if (index === 0) expect(lost, label).toBe(0);
    }
    for (const member of members) expect(member.faults).toEqual([]);
    await Promise.all(members.map((member) => member.close()));
  }
});

test("CA10 a broadcast that the broker refuses reaches the clients of this server, and is rejected", async () => {
  const errors: string[] = [];
  const { broker, members } = await start(
    2,
    {},
    {
      onListenerError: (error: Error, _socket: unknown, event: string) =>
        void errors.push(`${event}: ${error.message}`),
    },
  );
  const [one, two] = members as [MemoryMember, MemoryMember];
  const [a, b] = [await one.connect(), await two.connect()];
  broker.setState("down");
  await expect(one.server.emitWithOutcome("x")).rejects.toThrow("the broker is away");
  one.server.emit("y");
  one.server.socketsJoin("r");
  await settle();
  expect(a.unread).toEqual([["x"], ["y"]]);
  expect(b.unread).toEqual([]);
  expect(errors).toEqual([
    "adapter.broadcast: the broker is away",
    "adapter.addSockets: the broker is away",
  ]);
  broker.setState("up");
  one.server.to("r").emit("z");
  await settle();
  expect(a.unread.at(-1)).toEqual(["z"]);
  await Promise.all(members.map((member) => member.close()));
});

test("CA10 the operator is warned of failures of one kind once in ten seconds", async () => {
  const { broker, clock, members } = await start(2);
  const [one] = members as [MemoryMember];
  broker.setState("down");
  for (let sent = 0; sent < 3; sent++) one.server.emit("x");
  await settle();
  expect(one.faults).toEqual([
    'the adapter of "/" failed in broadcast(): Error: the broker is away',
  ]);
  clock.stall(10_000);
  one.server.emit("x");
  await settle();
  expect(one.faults).toHaveLength(2);
  await Promise.all(members.map((member) => member.close()));
});

test("CA10 a question that the broker refuses fails at once", async () => {
  const { broker, members } = await start(2);
  const [one] = members as [MemoryMember, MemoryMember];
  const a = await one.connect();
  a.answer("q", "a");
  broker.setState("down");
  await expect(one.server.timeout(1e6).emitWithAck("q")).rejects.toMatchObject({
    code: "ERR_SERVER_LOST",
    responses: ["a"],
    servers: ["n1"],
  });
  await expect(one.server.fetchSockets()).rejects.toThrow("the broker is away");
  await expect(one.server.serverSideEmitWithAck("q")).rejects.toThrow("the broker is away");
  await Promise.all(members.map((member) => member.close()));
});

test("CN7 at requestsTimeout a question says who is missing", async () => {
  const { broker, elapse, members } = await start(3);
  const [one] = members as [MemoryMember];
  broker.link = ({ to }) => (to === "n2" ? [] : [0]);
  const failure = one.server.fetchSockets().catch((error: unknown) => error);
  await elapse(600);
  expect(await failure).toMatchObject({
    message: "timeout reached: missing 1 responses",
    code: "ERR_CLUSTER_TIMEOUT",
    missing: ["n2"],
    responses: [],
  });
  await Promise.all(members.map((member) => member.close()));
});

test("CA11 what fails for another server is reported there, and what follows is done", async () => {
  const errors: string[] = [];
  const { members } = await start(
    2,
    {},
    {
      onListenerError: (error: Error, _socket: unknown, event: string) =>
        void errors.push(`${event}: ${error.message}`),
    },
  );
  const [one, two] = members as [MemoryMember, MemoryMember];
  const b = await two.connect();
  two.server.on("side", () => {
    throw new Error("listener");
  });
  const own = [...two.server.sockets.sockets.values()][0];
  own?.onAnyOutgoing((event: string) => {
    if (event === "x") own.disconnect();
  });
  own?.onAnyOutgoing(() => {
    throw new Error("catch-all");
  });
  one.server.serverSideEmit("side");
  one.server.emit("x");
  one.server.emit("y");
  await settle();
  expect(errors).toEqual(["side: listener", "x: catch-all"]);
  await b.left;
  expect(b.unread).toEqual([["x"]]);
  await Promise.all(members.map((member) => member.close()));
});

test("CA5 a socket whose data cannot be sent is found without it", async () => {
  const { members } = await start(2);
  const [one, two] = members as [MemoryMember, MemoryMember];
  const unreadable: string[] = [];
  two.adapter.diagnostics.socketUnreadable.subscribe(({ socket }) => void unreadable.push(socket));
  const [b, c] = [await two.connect(), await two.connect()];
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  await two.do({ op: "own data", id: b.id, data: circular });
  await two.do({ op: "own data", id: c.id, data: { name: "c" } });
  const found = (await one.do({ op: "fetch", aim: {} })) as { id: string; data: unknown }[];
  expect(found.map(({ data, id }) => [id, data])).toEqual([
    [b.id, {}],
    [c.id, { name: "c" }],
  ]);
  expect(unreadable).toEqual([b.id]);
  await Promise.all(members.map((member) => member.close()));
});

test("CA5 and CN12 many sockets are described in messages that the broker takes", async () => {
  const { members } = await start(2, { maxPayload: 4000 });
  const [one, two] = members as [MemoryMember, MemoryMember];
  for (let made = 0; made < 30; made++) await two.connect();
  const found = (await one.do({ op: "fetch", aim: {} })) as unknown[];
  expect(found).toHaveLength(30);
  await Promise.all(members.map((member) => member.close()));
});

test("CN15 a server that is attached again is another node", async () => {
  const { elapse, members } = await start(2);
  const [one, two] = members as [MemoryMember, MemoryMember];
  await one.close();
  await settle();
  expect(await two.do({ op: "count" })).toBe(1);
  void one.adapter.init();
  await elapse(100);
  expect([await two.do({ op: "count" }), one.adapter.nodeId]).toEqual([2, "n0 again"]);
  await Promise.all(members.map((member) => member.close()));
});
