// Presence over links that fail, on a clock that is moved by hand: what every server sees is what there is, at the latest
// two heartbeats after the fault.

import {
  type Presence,
  type PresenceSocket,
  type PresenceTarget,
  withPresence,
} from "@sockeye/presence";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { SeededRandom } from "../seeded-random.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { MemoryMember } from "./memory-cluster.ts";

const BEAT = 100;
const CLUSTER = { heartbeatInterval: BEAT, heartbeatTimeout: 2 * BEAT };
const STEP = 5;

interface Named extends PresenceSocket {
  data: { user?: string | null };
}

interface Node {
  readonly member: MemoryMember;
  readonly presence: Presence<undefined>;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};

class World {
  readonly clock = new FakeClock();
  readonly broker: MemoryBroker;
  readonly nodes: Node[] = [];

  constructor(settings: object = {}) {
    const after = (delay: number, call: () => void) => this.clock.after(delay, call);
    this.broker = new MemoryBroker({ after, ...settings });
  }

  start(name: string, cluster: object = {}): Node {
    const { broker, clock } = this;
    const member = new MemoryMember({ name, broker, clock, cluster: { ...CLUSTER, ...cluster } });
    const target = member.server as unknown as PresenceTarget<Named>;
    const { presence } = withPresence(target, { user: ({ data }: Named) => data.user });
    const node = { member, presence };
    this.nodes.push(node);
    return node;
  }

  async elapse(duration: number): Promise<void> {
    for (let passed = 0; passed < duration; passed += STEP) {
      this.clock.advance(STEP);
      await settle();
    }
  }

  /** Time passes until something holds; returns how much. */
  async until(holds: () => boolean, atMost = 10 * BEAT): Promise<number> {
    const begun = this.clock.now();
    while (!holds() && this.clock.now() - begun < atMost) await this.elapse(STEP);
    return this.clock.now() - begun;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map(({ member }) => member.close()));
    expect(this.nodes.flatMap(({ member }) => member.faults)).toEqual([]);
  }
}

async function enter({ member, presence }: Node, user: string): Promise<void> {
  const { id } = await member.connect();
  name({ member, presence }, id, user);
}

function name({ member, presence }: Node, id: string, user: string | null): void {
  const socket = member.server.sockets.sockets.get(id) as unknown as Named;
  socket.data.user = user;
  presence.update(socket);
}

const seenBy = ({ presence }: Node): string =>
  presence
    .list()
    .map(({ sessions, user }) => `${user}${sessions.length}`)
    .sort()
    .join();

test("ON4 the users of a server that crashes have left two heartbeats later, whenever it crashes", async () => {
  for (let phase = 0; phase < BEAT; phase += 15) {
    const world = new World();
    const [one, two] = [world.start("one"), world.start("two")];
    await world.elapse(BEAT);
    await enter(one, "ada");
    await enter(two, "bob");
    await world.elapse(2 * BEAT + phase);
    expect(seenBy(one)).toBe("ada1,bob1");
    await two.member.kill();
    const took = await world.until(() => seenBy(one) === "ada1");
    expect(took, `${phase} ms after a heartbeat`).toBeLessThanOrEqual(2 * BEAT + STEP);
    await one.member.close();
  }
});

test("ON5 after a split both sides see everybody again within two heartbeats", async () => {
  const world = new World();
  const nodes = ["one", "two", "three"].map((each) => world.start(each));
  await world.elapse(BEAT);
  for (const [index, node] of nodes.entries()) await enter(node, `u${index}`);
  await world.elapse(BEAT);
  const heard: string[] = [];
  nodes[0]?.presence.on("join", ({ user }) => void heard.push(`+${user}`));
  nodes[0]?.presence.on("leave", ({ user }) => void heard.push(`-${user}`));
  const isAlone = (node: string): boolean => node === "three";
  world.broker.link = ({ from, to }) => (isAlone(from) === isAlone(to) ? [0] : []);
  await world.elapse(3 * BEAT);
  expect(nodes.map(seenBy)).toEqual(["u01,u11", "u01,u11", "u21"]);
  // What happens meanwhile is seen as well.
  await enter(nodes[2] as Node, "u3");
  world.broker.link = null;
  const all = "u01,u11,u21,u31";
  const took = await world.until(() => nodes.every((node) => seenBy(node) === all));
  expect(took).toBeLessThanOrEqual(2 * BEAT);
  expect(heard).toEqual(["-u2", "+u2", "+u3"]);
  await world.close();
});

test("ON5 a change that is lost is seen within two heartbeats, though nobody was taken for dead", async () => {
  const world = new World();
  const [one, two] = [world.start("one"), world.start("two")];
  await world.elapse(BEAT);
  await enter(one, "ada");
  await world.elapse(BEAT);
  const asked: string[] = [];
  two.presence.diagnostics.stateAsked.subscribe(({ node }) => void asked.push(node));
  world.broker.link = ({ from }) => (from === "one" ? [] : [0]);
  await enter(one, "bob");
  await settle();
  world.broker.link = null;
  expect(seenBy(two)).toBe("ada1");
  const took = await world.until(() => seenBy(two) === "ada1,bob1");
  expect(took).toBeLessThanOrEqual(BEAT + STEP);
  expect(asked).toEqual(["one"]);
  await world.close();
});

test("ON6 whatever links drop, delay, double and reorder, every server sees what there is two heartbeats later", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new SeededRandom(seed);
    const world = new World({ reorderWindow: 60 });
    // Short messages, so that a state has parts.
    const nodes = ["one", "two", "three"].map((each) => world.start(each, { maxPayload: 3600 }));
    await world.elapse(BEAT);
    const there = new Map<string, readonly [Node, string]>();
    world.broker.link = () => {
      if (random.once(6)) return [];
      const delay = random.below(50);
      return random.once(10) ? [delay, random.below(100)] : [delay];
    };
    for (let turn = 0; turn < 40; turn++) {
      const node = nodes[random.below(3)] as Node;
      const [id] = [...there.keys()];
      if (id !== undefined && random.once(3)) {
        const [owner] = there.get(id) as readonly [Node, string];
        there.delete(id);
        name(owner, id, null);
      } else {
        const client = await node.member.connect();
        const user = `u${random.below(8)}`;
        there.set(client.id, [node, user]);
        name(node, client.id, user);
      }
      if (random.once(2)) await world.elapse(random.below(40));
    }
    world.broker.link = null;
    const counts = new Map<string, number>();
    for (const [, user] of there.values()) counts.set(user, (counts.get(user) ?? 0) + 1);
    const expected = [...counts]
      .map(([user, count]) => `${user}${count}`)
      .sort()
      .join();
    // What was under way when the links became good is waited for as well.
    const took = await world.until(() => nodes.every((node) => seenBy(node) === expected));
    expect(nodes.map(seenBy), `seed ${seed}`).toEqual([expected, expected, expected]);
    expect(took, `seed ${seed}`).toBeLessThanOrEqual(2 * BEAT + 60);
    await world.close();
  }
});

test("ON7 a server that begins later, and one that is attached again, see everybody and are seen", async () => {
  const world = new World();
  const one = world.start("one");
  await world.elapse(BEAT);
  for (let made = 0; made < 100; made++) await enter(one, `user-${made}`);
  await world.elapse(BEAT);
  const two = world.start("two", { maxPayload: 4000 });
  await world.until(() => two.presence.size === 100);
  expect(two.presence.size).toBe(100);
  await enter(two, "ada");
  await settle();
  expect(one.presence.has("ada")).toBe(true);
  await two.member.close();
  await settle();
  expect(one.presence.has("ada")).toBe(false);
  expect([one.presence.size, two.presence.size]).toEqual([100, 0]);
  void two.member.adapter.init();
  await world.elapse(2 * BEAT);
  expect(two.presence.size).toBe(100);
  await world.close();
});
