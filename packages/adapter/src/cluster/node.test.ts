// A node among others: membership, gaps, deafness, limits, and messages of other versions.

import { FakeClock, type Link, MemoryBroker, type MemoryBus } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { BusReceiver } from "./bus.ts";
import { createClusterDiagnostics } from "./diagnostics.ts";
import type { Header, Intent, Request } from "./intents.ts";
import { encodeMessage, encodeValues, VERSION } from "./message.ts";
import { ClusterNode } from "./node.ts";
import { resolveClusterOptions } from "./options.ts";

const OPTIONS = { heartbeatInterval: 100, heartbeatTimeout: 300, requestsTimeout: 200 };

interface Running {
  readonly node: ClusterNode;
  readonly bus: MemoryBus;
  /** What happened, in words. */
  readonly log: string[];
}

const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
};

class World {
  readonly clock = new FakeClock();
  readonly broker: MemoryBroker;
  /** The node that was made last. */
  made: ClusterNode | null = null;

  constructor(settings: ConstructorParameters<typeof MemoryBroker>[0] = {}) {
    this.broker = new MemoryBroker({
      after: (delay, callback) => this.clock.after(delay, callback),
      ...settings,
    });
  }

  async start(name: string, options: object = {}, codec = "json"): Promise<Running> {
    const bus = this.broker.makeBus(name);
    const diagnostics = createClusterDiagnostics();
    const log: string[] = [];
    for (const [point, { subscribe }] of Object.entries(diagnostics).map(
      ([key, value]) => [key, { subscribe: value.subscribe.bind(value) }] as const,
    )) {
      subscribe((payload: object) => {
        const { error: _, ...rest } = payload as { error?: unknown };
        log.push(`${point} ${Object.values(rest).join(" ")}`);
      });
    }
    const resolved = resolveClusterOptions({ ...OPTIONS, ...options });
    const node = new ClusterNode({ bus, clock: this.clock, codec, diagnostics, options: resolved });
    this.made = node;
    node.attach("/", {
      apply: (intent: Intent) => void log.push(`do ${intent.kind}`),
      answer: (request: Request, _body, reply) => {
        log.push(`asked ${request.kind}`);
        if ((request.kind as string) === "nonsense") reply({ kind: "unknown" });
        else reply({ kind: "result" }, encodeValues([name]));
      },
      onGap: (from, missed) => void log.push(`lost ${missed} of ${from}`),
    });
    const opened = node.open();
    await settle();
    await opened;
    return { node, bus, log };
  }

  /** Time passes, step by step, with what is caused in between. */
  async elapse(duration: number): Promise<void> {
    for (let passed = 0; passed < duration; passed += 25) {
      this.clock.advance(25);
      await settle();
    }
  }
}

const INTENT: Intent = { kind: "disconnect", target: {}, close: false };

test("CN8 nodes know each other as soon as they have begun", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  const three = await world.start("three");
  for (const { node } of [one, two, three]) expect(node.members.size).toBe(2);
  expect(one.log).toEqual(["nodeJoined two", "nodeJoined three"]);
});

test("CN8 where the broker does not count, a node waits a moment for the others", async () => {
  const world = new World({ isCounting: false });
  const starting = world.start("one");
  await settle();
  world.clock.advance(200);
  const one = await starting;
  expect(one.node.isReady).toBe(true);
});

test("CN8 a node whose bus is not open waits for it for a time, and for the others when it is", async () => {
  const world = new World();
  await world.start("one");
  let opened = (): void => {};
  const opening = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const open = world.broker.makeBus.bind(world.broker);
  world.broker.makeBus = (name) => {
    const bus = open(name);
    const begin = bus.open.bind(bus);
    return Object.assign(bus, {
      open: (receiver: BusReceiver) => opening.then(() => begin(receiver)),
    });
  };
  const two = world.start("two");
  await settle();
  const node = world.made as ClusterNode;
  expect(node.isReady).toBe(false);
  world.clock.advance(200);
  expect(node.isReady).toBe(true);
  expect(node.others()).toEqual([]);
  opened();
  await two;
  expect(await node.others()).toEqual(["one"]);
});

test("CN9 a node that closes is a member no longer, at once", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  await two.node.close();
  await settle();
  expect(one.log.at(-1)).toBe("nodeLeft two closed");
  expect(world.broker.nodes.size).toBe(1);
});

test("CN9 a node that falls silent is one no longer after heartbeatTimeout, and comes back", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  world.broker.link = ({ from }) => (from === "two" ? [] : [0]);
  await world.elapse(250);
  expect(one.node.members.has("two")).toBe(true);
  await world.elapse(150);
  expect(one.log.at(-1)).toBe("nodeLeft two silent");
  expect(two.node.members.has("one")).toBe(true);
  world.broker.link = null;
  await world.elapse(150);
  expect(one.log.slice(-3)).toEqual([
    expect.stringMatching(/^gap two \d/),
    expect.stringMatching(/^lost \d+ of two/),
    "nodeJoined two",
  ]);
});

test("CN20 a node whose heartbeat is overdue is asked, so that one that was lost ends nothing", async () => {
  const world = new World();
  const [one] = [await world.start("one", { heartbeatTimeout: 200 }), await world.start("two")];
  let lost = 0;
  world.broker.link = ({ from, message, to }) => {
    const isBeat = from === "two" && to === "one" && decodeText(message).includes('"beat"');
    if (!isBeat) return [0];
    lost += 1;
    // The next one comes a little late.
    return lost === 1 ? [] : [20];
  };
  await world.elapse(400);
  expect(one.log).toEqual(["nodeJoined two", "gap two 1", "lost 1 of two"]);
});

test("CN20 a time-out that no heartbeat can keep is refused", () => {
  expect(() => resolveClusterOptions({ heartbeatInterval: 10_000 })).toThrow(/heartbeatTimeout/);
  expect(resolveClusterOptions({ heartbeatInterval: 9_000 }).heartbeatTimeout).toBe(10_000);
});

test("CN9 a broker that knows says so at once", async () => {
  const world = new World({ isWatching: true });
  const one = await world.start("one");
  const two = await world.start("two");
  two.bus.crash();
  expect(one.log.at(-1)).toBe("nodeLeft two gone");
  await two.node.close();
});

test("CN9 after a pause of this process the others are not taken for dead", async () => {
  const world = new World();
  const one = await world.start("one");
  await world.start("two");
  world.clock.stall(5000);
  await world.elapse(100);
  expect(one.log).toEqual(["nodeJoined two"]);
});

test("CN10 what is lost is counted, with the last message at the next heartbeat", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  const lossy: Link = ({ to }) => (to === "two" ? [] : [0]);
  void one.node.publish("/", INTENT, null);
  await settle();
  world.broker.link = lossy;
  for (let sent = 0; sent < 3; sent++) void one.node.publish("/", INTENT, null);
  await settle();
  world.broker.link = null;
  await world.elapse(125);
  expect(two.log).toEqual(["nodeJoined one", "do disconnect", "gap one 3", "lost 3 of one"]);
});

test("CN10 what the bus refuses is rejected, and the others count it as lost", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  one.bus.setState("down");
  await expect(one.node.publish("/", INTENT, null)).rejects.toThrow("the broker is away");
  expect(one.log.slice(-2)).toEqual(["busChanged down", "publishFailed disconnect /"]);
  one.bus.setState("up");
  await settle();
  expect(two.log.slice(-2)).toEqual(["gap one 1", "lost 1 of one"]);
});

test("CN11 a node that does not receive notices within two heartbeats, says so and is healed", async () => {
  const world = new World();
  const one = await world.start("one");
  const two = await world.start("two");
  one.bus.isDeaf = true;
  for (let sent = 0; sent < 4; sent++) void two.node.publish("/", INTENT, null);
  await world.elapse(250);
  expect(one.bus.heals).toBe(1);
  expect(one.log.find((line) => line.startsWith("deaf"))).toBeDefined();
  await world.elapse(150);
  expect(one.node.isDeaf).toBe(false);
  expect(one.log.some((line) => line.startsWith("healed"))).toBe(true);
  expect(one.log.some((line) => /^gap two [4-9]/.test(line))).toBe(true);
});

test("CN11 a node that stays deaf tries again after each two heartbeats", async () => {
  const world = new World();
  const one = await world.start("one");
  world.broker.link = () => [];
  await world.elapse(900);
  expect(one.bus.heals).toBeGreaterThanOrEqual(3);
  expect(one.bus.heals).toBeLessThanOrEqual(5);
});

test("CN11 while the bus is down and says so, a node is not called deaf", async () => {
  const world = new World();
  const one = await world.start("one");
  one.bus.setState("down");
  await world.elapse(600);
  expect([one.bus.heals, one.log.filter((line) => line.startsWith("deaf"))]).toEqual([0, []]);
  one.bus.setState("up");
  await world.elapse(600);
  expect([one.bus.heals, one.node.isDeaf]).toEqual([0, false]);
});

test("CN11 a node whose bus was down before notices that it does not receive, like any other", async () => {
  const world = new World();
  const one = await world.start("one");
  one.bus.setState("down");
  await world.elapse(300);
  one.bus.setState("up");
  await world.elapse(300);
  one.bus.isDeaf = true;
  await world.elapse(250);
  expect(one.bus.heals).toBe(1);
  await world.elapse(150);
  expect(one.node.isDeaf).toBe(false);
});

test("CN12 a message that the broker does not take is refused, and uses up no number", async () => {
  const world = new World({ maxPayload: 2000 });
  const one = await world.start("one");
  const two = await world.start("two");
  await expect(
    one.node.publish("/", { kind: "server event" }, encodeValues(["x".repeat(3000)])),
  ).rejects.toMatchObject({ code: "ERR_CLUSTER_PAYLOAD" });
  void one.node.publish("/", INTENT, null);
  await settle();
  expect(one.log).toContain("limitReached maxPayload 2000");
  expect(two.log).toEqual(["nodeJoined one", "do disconnect"]);
});

test("CN12 requests that wait are limited", async () => {
  const world = new World();
  const one = await world.start("one", { maxRequests: 2 });
  await world.start("two");
  world.broker.link = () => [];
  const question = {
    nsp: "/",
    request: { kind: "server event" },
    body: null,
    timeout: 100,
  } as const;
  const ends: string[] = [];
  const asker = {
    onAnswer: () => true,
    onEnd: ({ error, reason }: { error?: Error; reason: string }) =>
      void ends.push(error?.message ?? reason),
  };
  for (let asked = 0; asked < 3; asked++) one.node.ask(question, ["two"], asker);
  expect(ends).toEqual(["more than 2 requests wait for their answers"]);
  await world.elapse(100);
  expect(ends.slice(1)).toEqual(["timeout", "timeout"]);
  expect(one.node.backlog.requests).toBe(0);
});

test("CN13 a namespace that a node does not have is answered at once", async () => {
  const world = new World();
  const one = await world.start("one");
  await world.start("two");
  const question = { nsp: "/none", request: { kind: "fetch", target: {} }, body: null } as const;
  const ended = new Promise((resolve) => {
    one.node.ask({ ...question, timeout: 1e6 }, ["two"], { onAnswer: () => true, onEnd: resolve });
  });
  expect(await ended).toEqual({ reason: "answered", missing: [] });
});

test("CN14 a node of a newer version is understood as far as it is known, and answered where it is not", async () => {
  const world = new World();
  const one = await world.start("one");
  const future = world.broker.makeBus("future");
  const answers: Uint8Array[] = [];
  future.open({
    onMessage: (each) => void answers.push(each),
    onState: () => {},
    onGone: () => {},
  });
  let seq = 0;
  const say = (header: object, version = VERSION): void => {
    seq += 1;
    const message = encodeMessage({ ...header, from: "future", seq } as unknown as Header, null);
    message[0] = version;
    void future.publish(message);
  };
  say({ kind: "hello", codec: "json", version: VERSION + 1, zone: "eu", extra: [1] });
  say({ kind: "do", nsp: "/", intent: { ...INTENT, priority: 3 }, trace: "x" });
  say({ kind: "something new", nsp: "/" });
  say({ kind: "request", nsp: "/", id: 9, request: { kind: "nonsense", target: {} } });
  say({ kind: "do", nsp: "/", intent: INTENT });
  say({ kind: "do", nsp: "/", intent: INTENT }, VERSION + 1);
  await settle();
  expect(one.log.slice(0, 4)).toEqual([
    "nodeJoined future",
    "do disconnect",
    "asked nonsense",
    "do disconnect",
  ]);
  expect(one.log.at(-1)).toMatch(/^messageRefused newer version/);
  const texts = answers.map((each) => new TextDecoder().decode(each));
  expect(texts.some((text) => text.includes('"answer":{"kind":"unknown"}'))).toBe(true);
});

test("CN15 a bus that cannot be opened is tried again after each heartbeat", async () => {
  const world = new World();
  let attempts = 0;
  const bus = world.broker.makeBus("one");
  const open = bus.open.bind(bus);
  bus.open = (receiver) => {
    attempts += 1;
    if (attempts < 3) throw new Error("away");
    open(receiver);
  };
  const diagnostics = createClusterDiagnostics();
  const options = resolveClusterOptions(OPTIONS);
  const node = new ClusterNode({ bus, clock: world.clock, codec: "json", diagnostics, options });
  await expect(node.open()).rejects.toThrow("away");
  await world.elapse(200);
  expect([attempts, world.broker.nodes.size]).toEqual([3, 1]);
});

test("CN15 a node that is closed fails what waits, sends nothing more and leaves no timer", async () => {
  const world = new World();
  const one = await world.start("one");
  await world.start("two");
  const ended = new Promise<{ error?: Error }>((resolve) => {
    const question = { nsp: "/", request: { kind: "server event" }, body: null } as const;
    world.broker.link = () => [];
    one.node.ask({ ...question, timeout: 1e6 }, ["two"], { onAnswer: () => true, onEnd: resolve });
  });
  const before = world.clock.pending;
  await one.node.close();
  expect((await ended).error).toMatchObject({ code: "ERR_CLUSTER_CLOSED" });
  await expect(one.node.publish("/", INTENT, null)).rejects.toMatchObject({
    code: "ERR_CLUSTER_CLOSED",
  });
  expect(world.clock.pending).toBe(before - 2);
});
