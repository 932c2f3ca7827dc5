// Presence on one server: what counts as a user, what listeners and iterators are told, and the limits.

import { Adapter } from "@sockeye/adapter";
import { clusterAdapters } from "@sockeye/adapter/cluster";
import { FakeClock, MemoryBroker, MemoryMember } from "@sockeye/testkit";
import { afterEach, expect, test } from "vitest";
import {
  type Presence,
  type PresenceDiff,
  type PresenceOptions,
  type PresenceSocket,
  type PresenceTarget,
  presenceOf,
  withPresence,
} from "./index.ts";

interface Named extends PresenceSocket {
  data: { user?: string | number | null; meta?: unknown };
  join(room: string): void;
  leave(room: string): void;
  disconnect(): void;
  removeAllListeners(): void;
}
type Target = PresenceTarget<Named> & { readonly sockets: ReadonlyMap<string, Named> };

const members: MemoryMember[] = [];

afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.close()));
});

class World {
  readonly clock = new FakeClock();
  readonly member: MemoryMember;
  readonly presence: Presence<unknown>;
  readonly heard: string[] = [];

  constructor(options: Partial<PresenceOptions<Named, unknown>> = {}, core: object = {}) {
    const broker = new MemoryBroker();
    this.member = new MemoryMember({ name: "one", broker, clock: this.clock, core });
    members.push(this.member);
    const user = ({ data }: Named): string | number | null | undefined => data.user;
    const meta = ({ data }: Named): unknown => data.meta;
    const target = this.member.server.sockets as unknown as Target;
    this.presence = withPresence(target, { user, meta, ...options }).presence;
    for (const event of ["join", "leave", "change"] as const) {
      this.presence.on(event, ({ user: who }) => void this.heard.push(`${event} ${who}`));
    }
  }

  async enter(user: string | number | null, meta?: unknown): Promise<Named> {
    const { id } = await this.member.connect();
    const socket = this.member.server.sockets.sockets.get(id) as unknown as Named;
    socket.data = { user, meta };
    this.presence.update(socket);
    await settle();
    return socket;
  }

  /** What the listeners have been told since the last call. */
  told(): string[] {
    return this.heard.splice(0);
  }
}

const settle = (): Promise<void> => new Promise(setImmediate);

test("ON1 tabs and devices of a user count once", async () => {
  const world = new World();
  const [a, b] = [await world.enter("ada", { device: "phone" }), await world.enter("ada")];
  await world.enter(7);
  await world.enter(null);
  expect(world.presence.size).toBe(2);
  expect(world.presence.get("ada")?.sessions).toEqual([
    { id: a.id, node: "one", meta: { device: "phone" }, rooms: [] },
    { id: b.id, node: "one", meta: undefined, rooms: [] },
  ]);
  expect([world.presence.has(7), world.presence.get(7)?.user]).toEqual([true, "7"]);
  expect(world.presence.list().map(({ user }) => user)).toEqual(["ada", "7"]);
});

test("ON2 a user joins with the first session and leaves with the last", async () => {
  const world = new World();
  const a = await world.enter("ada");
  const b = await world.enter("ada");
  expect(world.told()).toEqual(["join ada", "change ada"]);
  a.disconnect();
  await settle();
  expect(world.told()).toEqual(["change ada"]);
  b.disconnect();
  await settle();
  expect(world.told()).toEqual(["leave ada"]);
  expect(world.presence.list()).toEqual([]);
});

test("ON2 sockets that are there when presence is added are present, and those of identity known at once join at once", async () => {
  const clock = new FakeClock();
  const member = new MemoryMember({ name: "one", broker: new MemoryBroker(), clock });
  members.push(member);
  const early = await member.connect();
  const io = member.server as unknown as PresenceTarget<Named>;
  const { presence } = withPresence(io, { user: (socket: Named) => `user of ${socket.id}` });
  const late = await member.connect();
  expect(presence.list().map(({ user }) => user)).toEqual([
    `user of ${early.id}`,
    `user of ${late.id}`,
  ]);
  expect(presenceOf(member.server.sockets)).toBe(presence);
});

test("ON2 what one turn brings and takes is told as its result, in one difference", async () => {
  const world = new World();
  const a = await world.enter("ada");
  const b = await world.enter("bob");
  world.told();
  const diffs: PresenceDiff<unknown>[] = [];
  world.presence.on("diff", (diff) => void diffs.push(diff));
  a.data.user = "eve";
  world.presence.update(a);
  b.data.user = null;
  world.presence.update(b);
  b.data.user = "bob";
  world.presence.update(b);
  await settle();
  expect(world.told().sort()).toEqual(["change bob", "join eve", "leave ada"]);
  expect(
    diffs.map(({ changed, joined, left }) =>
      [joined, left, changed].map((list) => list.map(({ user }) => user)),
    ),
  ).toEqual([[["eve"], ["ada"], ["bob"]]]);
});

test("ON2 metadata change with update, and not before; an update without a change is none", async () => {
  const world = new World();
  const socket = await world.enter("ada", { away: false });
  const before = world.presence.get("ada");
  socket.data.meta = { away: true };
  expect(world.presence.get("ada")).toBe(before);
  world.presence.update(socket);
  world.presence.update(socket);
  await settle();
  expect(world.told()).toEqual(["join ada", "change ada"]);
  expect(world.presence.get("ada")?.sessions[0]?.meta).toEqual({ away: true });
  expect(before?.sessions[0]?.meta).toEqual({ away: false });
});

test("ON8 with leaveGrace a reconnection is neither leaving nor joining", async () => {
  const world = new World({ leaveGrace: 1000 });
  const a = await world.enter("ada");
  a.disconnect();
  await settle();
  expect(world.presence.get("ada")).toEqual({ user: "ada", sessions: [] });
  world.clock.advance(999);
  await world.enter("ada");
  world.clock.advance(5000);
  await settle();
  expect(world.told()).toEqual(["join ada", "change ada", "change ada"]);
  const [, last] = [a, [...world.member.server.sockets.sockets.values()][0] as unknown as Named];
  last.disconnect();
  await settle();
  world.told();
  world.clock.advance(1000);
  await settle();
  expect(world.told()).toEqual(["leave ada"]);
  expect(world.presence.size).toBe(0);
});

test("ON3 rooms that are selected have a presence of their own", async () => {
  const world = new World({ rooms: (room) => room.startsWith("doc") });
  const [a, b] = [await world.enter("ada"), await world.enter("bob")];
  const view = world.presence.in("doc:1");
  const told: string[] = [];
  view
    .on("join", ({ user }) => void told.push(`+${user}`))
    .on("leave", ({ user }) => void told.push(`-${user}`));
  a.join("doc:1");
  a.join("chat");
  b.join("doc:1");
  await settle();
  expect([view.size, view.has("bob"), world.presence.in("chat").list()]).toEqual([2, true, []]);
  expect(world.presence.get("ada")?.sessions[0]?.rooms).toEqual(["doc:1"]);
  a.leave("doc:1");
  b.disconnect();
  await settle();
  expect(told).toEqual(["+ada", "+bob", "-ada", "-bob"]);
  expect([view.list(), world.presence.has("ada")]).toEqual([[], true]);
});

test("ON9 an iterator begins with those who are present, and merges what a slow reader misses", async () => {
  const world = new World();
  await world.enter("ada");
  const stream = world.presence[Symbol.asyncIterator]();
  expect((await stream.next()).value?.joined.map(({ user }) => user)).toEqual(["ada"]);
  const bob = await world.enter("bob");
  const eve = await world.enter("eve");
  eve.disconnect();
  bob.data.meta = 1;
  world.presence.update(bob);
  await settle();
  expect((await stream.next()).value).toEqual({
    joined: [world.presence.get("bob")],
    left: [],
    changed: [],
  });
  const [waiting, further] = [stream.next(), stream.next()];
  await world.enter("eve");
  expect((await waiting).value?.joined).toHaveLength(1);
  world.presence.close();
  expect(await further).toEqual({ done: true, value: undefined });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("ON9 leaving a loop ends its iterator", async () => {
  const world = new World();
  await world.enter("ada");
  for await (const { joined } of world.presence) {
    expect(joined).toHaveLength(1);
    break;
  }
  const stream = world.presence[Symbol.asyncIterator]();
  await stream.next();
  const waiting = stream.next();
  await stream.return?.();
  expect((await waiting).done).toBe(true);
});

test("ON10 limits: metadata, rooms, names and sessions beyond them are left out, and told", async () => {
  const world = new World({ maxMeta: 20, maxRooms: 1, maxSessions: 3, rooms: () => true });
  const told: string[] = [];
  const { limitReached, metaUnreadable } = world.presence.diagnostics;
  limitReached.subscribe(({ limit, value }) => void told.push(`${limit} ${value}`));
  metaUnreadable.subscribe(({ error }) => void told.push((error as Error).name));
  await world.enter("ada", "x".repeat(30));
  expect(world.presence.get("ada")?.sessions[0]?.meta).toBe(undefined);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const bob = await world.enter("bob", circular);
  bob.join("r1");
  bob.join("r2");
  expect(world.presence.get("bob")?.sessions[0]?.rooms).toEqual(["r1"]);
  await world.enter("x".repeat(300));
  await world.enter("eve");
  await world.enter("too many");
  expect(world.presence.list().map(({ user }) => user)).toEqual(["ada", "bob", "eve"]);
  expect(told).toEqual(["maxMeta 20", "TypeError", "maxRooms 1", "user 256", "maxSessions 3"]);
});

test("ON11 what the application throws harms nobody: listeners are reported, options pass it on", async () => {
  const errors: string[] = [];
  const world = new World(
    {},
    {
      onListenerError: (error: Error, _socket: unknown, event: string) =>
        void errors.push(`${event}: ${error.message}`),
    },
  );
  world.presence.once("join", () => {
    throw new Error("listener");
  });
  world.presence.once("join", ({ user }) => void errors.push(user));
  const socket = await world.enter("ada");
  expect(errors).toEqual(["join: listener", "ada"]);
  Object.defineProperty(socket, "data", {
    get() {
      throw new Error("data");
    },
  });
  expect(() => world.presence.update(socket)).toThrow("data");
  expect(world.presence.has("ada")).toBe(true);
});

test("ON11 a socket whose listeners the application has removed leaves with the next heartbeat", async () => {
  const world = new World();
  const socket = await world.enter("ada");
  socket.removeAllListeners();
  socket.disconnect();
  await settle();
  expect(world.presence.has("ada")).toBe(true);
  world.clock.advance(5000);
  expect(world.presence.has("ada")).toBe(false);
});

test("ON12 presence follows the namespace to another adapter", async () => {
  const world = new World({ rooms: () => true });
  const socket = await world.enter("ada");
  const broker = new MemoryBroker();
  world.member.server.adapter(clusterAdapters(() => broker.makeBus("other")) as never);
  await settle();
  expect(world.presence.get("ada")?.sessions.map(({ node }) => node)).toEqual(["other"]);
  socket.join("r");
  expect(world.presence.in("r").size).toBe(1);
  expect(world.presence.get("ada")?.sessions).toHaveLength(1);
});

test("ON12 each namespace that is made from a pattern has a presence of its own", async () => {
  const clock = new FakeClock();
  const member = new MemoryMember({ name: "one", broker: new MemoryBroker(), clock });
  members.push(member);
  const parent = member.server.of(/^\/doc-/) as unknown as PresenceTarget<Named>;
  withPresence(parent, { user: ({ id }: Named) => id });
  const [a, b] = [await member.connect("/doc-1"), await member.connect("/doc-2")];
  const list = (name: string): unknown =>
    presenceOf(member.server.of(name))
      ?.list()
      .map(({ user }) => user);
  expect([list("/doc-1"), list("/doc-2"), list("/")]).toEqual([[a.id], [b.id], undefined]);
});

test("ON12 with an adapter that reaches no others presence is that of one server, and one that cannot reach them is told", async () => {
  const world = new World();
  await world.enter("ada");
  const { server } = world.member;
  server.adapter(Adapter as never);
  await settle();
  expect(world.presence.get("ada")?.sessions.map(({ node }) => node)).toEqual([""]);
  class Foreign extends Adapter {
    override channel = undefined as never;
  }
  server.adapter(Foreign as never);
  await settle();
  expect(world.presence.size).toBe(1);
  expect(world.member.faults.splice(0)).toEqual([
    'presence in "/" sees this server only: its adapter has no channels',
  ]);
});

test("ON12 what is added twice, or with wrong options, is refused", () => {
  const world = new World();
  const target = world.member.server as unknown as Target;
  expect(() => withPresence(target, { user: () => "x" })).toThrow(
    expect.objectContaining({ code: "ERR_PRESENCE_TWICE" }),
  );
  const wrong = { user: "id", leaveGrace: -1 } as never;
  expect(() => withPresence({} as Target, wrong)).toThrow(/user must be a function.*leaveGrace/);
});
