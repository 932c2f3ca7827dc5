// What servers publish when they know each other's rooms: nothing for a room of one server alone, and everything that is not
// known for certain.

import { expect, test } from "vitest";
import { ReturningClient } from "../../test/returning-client.ts";
import { FakeClock } from "../fake-clock.ts";
import { SeededRandom } from "../seeded-random.ts";
import { MemoryBroker } from "./memory-broker.ts";
import { MemoryMember } from "./memory-cluster.ts";

const CLUSTER = { heartbeatInterval: 100, heartbeatTimeout: 300, requestsTimeout: 1000 };

type Room = { join(room: string): Promise<void> | void; leave(room: string): unknown };

class World {
  readonly clock = new FakeClock();
  readonly broker: MemoryBroker = new MemoryBroker({
    after: (delay, call) => this.clock.after(delay, call),
  });
  readonly members: MemoryMember[] = [];
  /** The events that each server was sent by others. */
  readonly received: string[] = [];
  /** Whether a message is lost. */
  loses: (text: string, to: string) => boolean = () => false;

  constructor() {
    this.broker.link = ({ from, message, to }) => {
      if (from === to) return [0];
      const text = new TextDecoder().decode(message);
      if (this.loses(text, to)) return [];
      for (const [, name] of text.matchAll(/\["(n\d*)"/g)) this.received.push(`${to} ${name}`);
      return [0];
    };
  }

  async start(name: string, routeByRooms = true): Promise<MemoryMember> {
    const { broker, clock } = this;
    const member = new MemoryMember({
      ...{ name, broker, clock },
      cluster: { ...CLUSTER, routeByRooms },
    });
    this.members.push(member);
    await this.elapse(20);
    return member;
  }

  async elapse(duration: number): Promise<void> {
    for (let passed = 0; passed < duration; passed += 20) {
      this.clock.advance(20);
      for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
    }
  }

  /** A client of a server, and its socket there. */
  async come(server: MemoryMember): Promise<readonly [ReturningClient, Room]> {
    const client = new ReturningClient();
    client.come(server);
    await this.elapse(20);
    const { id } = client.listen();
    return [client, server.server.sockets.sockets.get(id) as unknown as Room];
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.close()));
  }
}

test("CN22 an event to a room of one server alone is not published, one to a room of another is", async () => {
  const world = new World();
  const [one, two] = [await world.start("one"), await world.start("two")];
  const [own, ownSocket] = await world.come(one);
  const [other, otherSocket] = await world.come(two);
  await ownSocket.join("own");
  await otherSocket.join("theirs");
  one.server.to("own").emit("n1", 1);
  one.server.to("nobody").emit("n2", 1);
  one.server.to("theirs").emit("n3", 1);
  one.server.emit("n4", 1);
  one.server.to(other.id).emit("n5", 1);
  await world.elapse(20);
  expect(world.received).toEqual(["two n3", "two n4", "two n5"]);
  expect([own.values("n1"), other.values("n3"), other.values("n5")]).toEqual([[1], [1], [1]]);
  otherSocket.leave("theirs");
  await world.elapse(20);
  one.server.to("theirs").emit("n6", 1);
  await world.elapse(20);
  expect(world.received).toHaveLength(3);
  await world.close();
});

test("CN22 joining resolves when the other servers know the room, at once where there are none", async () => {
  const world = new World();
  const one = await world.start("one");
  const [, socket] = await world.come(one);
  expect(socket.join("alone")).toBeUndefined();
  await world.start("two");
  // Behind a heartbeat.
  await world.elapse(60);
  world.loses = (text) => text.includes('"change"');
  let isKnown = false;
  void Promise.resolve(socket.join("room")).then(() => {
    isKnown = true;
  });
  await world.elapse(40);
  expect(isKnown).toBe(false);
  world.loses = () => false;
  // The next heartbeat shows that something was lost.
  await world.elapse(120);
  expect(isKnown).toBe(true);
  await world.close();
});

test("CN22 sockets of other servers that are told to join a room get what follows", async () => {
  const world = new World();
  const [one, two] = [await world.start("one"), await world.start("two")];
  const [client] = await world.come(two);
  one.server.in(client.id).socketsJoin("room");
  one.server.to("room").emit("n1", 1);
  await world.elapse(20);
  expect(client.values("n1")).toEqual([1]);
  await world.close();
});

test("CN22 what was not published because a change was lost is told to the server that has missed it", async () => {
  const world = new World();
  const [one, two] = [await world.start("one"), await world.start("two")];
  const [client, socket] = await world.come(two);
  const gaps: unknown[] = [];
  two.adapter.on("gap", (...gap: unknown[]) => void gaps.push(gap));
  world.loses = (text) => text.includes('"change"');
  void socket.join("room");
  await world.elapse(20);
  one.server.to("room").emit("n1", 1);
  one.server.to("room").emit("n1", 2);
  world.loses = () => false;
  await world.elapse(120);
  expect(gaps).toEqual([["one", 2]]);
  one.server.to("room").emit("n1", 3);
  await world.elapse(20);
  expect(client.values("n1")).toEqual([3]);
  await world.close();
});

test("CN22 everything is published while a server does not tell its rooms, and for a time to one that is not heard", async () => {
  const world = new World();
  const [one, two] = [await world.start("one"), await world.start("two")];
  const older = await world.start("older", false);
  const [client, socket] = await world.come(older);
  await socket.join("room");
  one.server.to("room").emit("n1", 1);
  await world.elapse(20);
  expect(client.values("n1")).toEqual([1]);
  expect(world.received).toEqual(["two n1", "older n1"]);
  await older.close();
  await world.elapse(20);
  world.loses = (_text, to) => to === "one";
  await world.elapse(400);
  expect(one.adapter.diagnostics).toBeDefined();
  const [heard, there] = await world.come(two);
  void there.join("late");
  await world.elapse(20);
  one.server.to("late").emit("n2", 1);
  await world.elapse(20);
  expect(heard.values("n2")).toEqual([1]);
  await world.close();
});

test("CN22 with lost messages nothing is missed in silence by a socket whose joining was confirmed", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = new SeededRandom(seed);
    const world = new World();
    const servers = [await world.start("a"), await world.start("b"), await world.start("c")];
    const gaps = new Map<MemoryMember, number>();
    for (const server of servers) {
      server.adapter.on("gap", (_node: string, missed: number) => {
        gaps.set(server, (gaps.get(server) ?? 0) + missed);
      });
    }
    const come = async (server: MemoryMember) => ({
      ...{ server, sent: 0, isIn: false },
      ...{ made: await world.come(server) },
    });
    const clients = [];
    for (const server of servers) clients.push(await come(server));
    world.loses = () => random.once(6);
    for (let step = 0; step < 40; step++) {
      const each = random.pick(clients as [(typeof clients)[number], ...typeof clients]);
      const [, socket] = each.made;
      if (random.once(3)) {
        const isIn = !each.isIn;
        each.isIn = false;
        const joined = isIn ? socket.join("r") : socket.leave("r");
        if (isIn) {
          const began = world.clock.now();
          void Promise.resolve(joined as Promise<void> | void).then(() => {
            each.isIn = world.clock.now() - began < 900;
          });
        }
      } else {
        for (const one of clients) one.sent += Number(one.isIn);
        each.server.server.to("r").emit("n", step);
      }
      await world.elapse(20 * random.below(3));
    }
    world.loses = () => false;
    await world.elapse(300);
    for (const { made, sent, server } of clients) {
      const heard = made[0].values("n").length + (gaps.get(server) ?? 0);
      expect(heard, `seed ${seed}`).toBeGreaterThanOrEqual(sent);
    }
    await world.close();
  }
}, 60_000);
