// The cluster adapters of `@sockeye/adapter/socket.io-adapter` on servers in memory, with a bus in memory.

import { type Adapter, MessageType } from "@sockeye/adapter/socket.io-adapter";
import type { MemorySocket } from "@sockeye/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Bus, beatingAdapter, countingAdapter, settled } from "../../test/cluster-bus.ts";
import { MemoryServer } from "../../test/memory-server.ts";
import {
  type Arrival,
  answerOf,
  come,
  offsetIn,
  read,
  sockets,
  start,
} from "../../test/recovering.ts";
import type { AdapterFactory, CoreOptions } from "../base/options.ts";

const FOR_EVER = { pingInterval: 1e9, pingTimeout: 1e9 };

let bus: Bus;
let servers: MemoryServer[];
let peers: Arrival[];

function startAll(adapter: AdapterFactory, options: Partial<CoreOptions> = {}): void {
  servers = [1, 2, 3].map(() => new MemoryServer({ adapter, ...options }, FOR_EVER));
  peers = servers.map((server) => come(server));
}

function server(at: number): MemoryServer {
  return servers[at] as MemoryServer;
}

function raw(at: number): MemorySocket {
  return (peers[at] as Arrival).raw;
}

/** What each peer has got since the last time. */
function got(): unknown[] {
  return peers.map(({ raw: each }) => read(each));
}

/** The types of what was published since the last time. */
function types(): number[] {
  return bus.published.splice(0).map(({ type }) => type);
}

beforeEach(() => {
  bus = new Bus();
});

afterEach(async () => {
  for (const each of servers) await each.end();
});

describe.each([
  ["ClusterAdapter", countingAdapter],
  ["ClusterAdapterWithHeartbeat", beatingAdapter],
])("%s", (_name, adapterOn) => {
  beforeEach(async () => {
    startAll(adapterOn(bus));
    await settled();
    bus.published.length = 0;
  });

  test("AD9 broadcasts, rooms, exceptions and `local`", async () => {
    const [, two] = servers.map((each) => sockets(each)[0]);
    await two?.join("a");
    server(0).emit("x", 1);
    await settled();
    expect(got()).toEqual([['42["x",1]'], ['42["x",1]'], ['42["x",1]']]);
    server(0).to("a").emit("in a");
    server(2).except("a").emit("not a");
    server(0).local.emit("here");
    await settled();
    expect(got()).toEqual([['42["not a"]', '42["here"]'], ['42["in a"]'], ['42["not a"]']]);
  });

  test("AD9 the form on the wire is that of Socket.IO", async () => {
    server(0).to("a").except("b").compress(false).emit("x", 1);
    await settled();
    const [message] = bus.published;
    expect(message).toEqual({
      uid: expect.stringMatching(/^[\da-f]{16}$/),
      nsp: "/",
      type: MessageType.BROADCAST,
      data: {
        packet: { type: 2, nsp: "/", data: ["x", 1] },
        opts: { rooms: ["a"], except: ["b"], flags: { compress: false } },
      },
    });
    expect([MessageType.ADAPTER_CLOSE, MessageType[13]]).toEqual([13, "ADAPTER_CLOSE"]);
  });

  test("AD9 acknowledgements of all servers, and those that came in time", async () => {
    const all = server(0).timeout(1000).emitWithAck("ask");
    await settled();
    expect(got()).toEqual(Array(3).fill(['420["ask"]']));
    for (const at of [0, 1, 2]) raw(at).transmit(`430["${at}"]`);
    expect((await all).sort()).toEqual(["0", "1", "2"]);

    const some = server(1).timeout(1000).emitWithAck("ask");
    await settled();
    raw(0).transmit('431["late"]');
    for (const each of servers) each.clock.advance(1000);
    await expect(some).rejects.toMatchObject({ message: "operation has timed out" });
  });

  test("AD9 sockets of other servers are found, moved and disconnected", async () => {
    const own = sockets(server(1))[0];
    if (own !== undefined) own.data = { name: "one" };
    const found = (await server(0).fetchSockets()) as { id: string; data: unknown }[];
    expect(found.map(({ id }) => id).sort()).toEqual(peers.map(({ sid }) => sid).sort());
    expect(found.find(({ id }) => id === own?.id)?.data).toEqual({ name: "one" });
    expect(await server(0).local.fetchSockets()).toHaveLength(1);
    server(0)
      .in(peers[1]?.sid ?? "")
      .socketsJoin("r");
    await settled();
    expect(own?.rooms.has("r")).toBe(true);
    server(2).in("r").socketsLeave("r");
    await settled();
    expect(own?.rooms.has("r")).toBe(false);
    server(2)
      .in(peers[1]?.sid ?? "")
      .disconnectSockets();
    await settled();
    expect([own?.connected, read(raw(1))]).toEqual([false, ["41"]]);
  });

  test("AD9 serverSideEmit, with and without answers", async () => {
    const heard: unknown[] = [];
    for (const at of [0, 1, 2]) {
      server(at).on("hello", (...args: unknown[]) => void heard.push(at, ...args));
      server(at).on("ask", (text: string, answer: (text: string) => void) => {
        answer(`${text} ${at}`);
        answer("twice");
      });
    }
    server(0).serverSideEmit("hello", "you");
    await settled();
    expect(heard).toEqual([1, "you", 2, "you"]);
    expect((await server(0).serverSideEmitWithAck("ask", "me")).sort()).toEqual(["me 1", "me 2"]);
  });

  test("AD9 responses may come by the way of messages", async () => {
    bus.hasOneChannel = true;
    expect(await server(0).fetchSockets()).toHaveLength(3);
  });

  test("AD9 messages of another namespace, or of unknown type, have no effect", async () => {
    const [, member] = [...bus.members];
    const data = { packet: { type: 2, nsp: "/", data: ["x"] }, opts: {} };
    for (const strange of [
      { uid: "u", nsp: "/other", type: MessageType.BROADCAST, data },
      { uid: "u", nsp: "/", type: 99, data },
    ]) {
      member?.onMessage(strange as never);
    }
    await settled();
    expect(got()).toEqual([[], [], []]);
  });

  test("AD10 what cannot be published is done here, and said once until it works again", async () => {
    bus.failure = new Error("no broker");
    server(0).emit("x");
    server(0).emit("y");
    server(0).socketsJoin("r");
    await settled();
    expect(read(raw(0))).toEqual(['42["x"]', '42["y"]']);
    expect(sockets(server(0))[0]?.rooms.has("r")).toBe(true);
    expect(server(0).warnings).toEqual([
      'the adapter of "/" could not reach the other servers: Error: no broker',
    ]);
    await expect(server(0).fetchSockets()).rejects.toThrow("no broker");
    bus.failure = null;
    server(0).emit("z");
    await settled();
    expect(read(raw(1))).toEqual(['42["z"]']);
    bus.failure = new Error("again");
    server(0).emit("x");
    await settled();
    expect(server(0).warnings).toHaveLength(2);
  });

  test("AD11 who does not respond in 5000 ms, or in the time of `timeout`, fails the request", async () => {
    bus.isDeaf = true;
    const text = /^timeout reached: (only 0 responses received out of 2|missing 2 responses)$/;
    const found = server(0).fetchSockets();
    const soon = server(0).timeout(100).fetchSockets();
    const answers = server(0).serverSideEmitWithAck("ask");
    await settled();
    server(0).clock.advance(100);
    await expect(soon).rejects.toThrow(text);
    server(0).clock.advance(4900);
    await expect(found).rejects.toThrow(text);
    await expect(answers).rejects.toMatchObject({ responses: [] });
  });
});

describe("AD12 heartbeats", () => {
  beforeEach(async () => {
    startAll(beatingAdapter(bus));
    await settled();
    bus.published.length = 0;
  });

  const count = (at: number): Promise<number> => server(at).sockets.adapter.serverCount();

  test("servers know each other from the beginning, and one that closes is not counted", async () => {
    expect(await Promise.all([0, 1, 2].map(count))).toEqual([3, 3, 3]);
    await server(2).end();
    await settled();
    expect(types()).toEqual([MessageType.ADAPTER_CLOSE]);
    expect(await Promise.all([0, 1].map(count))).toEqual([2, 2]);
    expect(server(2).clock.pending).toBe(0);
  });

  test("a heartbeat after 5000 ms in which nothing was published", async () => {
    server(0).clock.advance(4000);
    server(0).emit("x");
    server(0).clock.advance(4999);
    expect(types()).toEqual([MessageType.BROADCAST]);
    server(0).clock.advance(1);
    expect(types()).toEqual([MessageType.HEARTBEAT]);
    server(0).clock.advance(5000);
    expect(types()).toEqual([MessageType.HEARTBEAT]);
  });

  test("a server that is silent for more than 10,000 ms is gone, and a request does not wait for it", async () => {
    bus.isDeaf = true;
    server(0).clock.advance(9000);
    const found = server(0).fetchSockets();
    await settled();
    // The request is answered by nobody; both of them are forgotten before it is overdue.
    server(0).clock.advance(2000);
    expect(await found).toHaveLength(1);
    expect(await count(0)).toBe(1);
    server(1).emit("x");
    await settled();
    expect(await count(0)).toBe(2);
  });

  test("programs that only publish are no servers", async () => {
    const [member] = [...bus.members];
    const data = { packet: { type: 2, nsp: "/", data: ["x"] }, opts: { rooms: [], except: [] } };
    member?.onMessage({ uid: "emitter", nsp: "/", type: MessageType.BROADCAST, data } as never);
    expect(read(raw(0))).toEqual(['42["x"]']);
    expect(await count(0)).toBe(3);
  });
});

describe("AD13 recovery", () => {
  test("events end with their offset on every server, questions and volatile events do not", async () => {
    startAll(countingAdapter(bus), { connectionStateRecovery: {} as never });
    server(0).emit("x", 1);
    server(0).volatile.emit("v");
    await settled();
    expect(got()).toEqual(Array(3).fill(['42["x",1,"1-0"]', '42["v"]']));
  });

  test("an adapter is asked for a session only with an offset", async () => {
    const asked: unknown[] = [];
    class Asked extends (countingAdapter(bus) as typeof Adapter) {
      override restoreSession(...args: unknown[]): Promise<null> {
        asked.push(args);
        return Promise.resolve(null);
      }
    }
    startAll(Asked as AdapterFactory, { connectionStateRecovery: {} as never });
    const { pid = "" } = peers[0] ?? {};
    expect(come(server(0), { pid }).pid).not.toBe(pid);
    const named = server(0).dial();
    named.transmit(`40{"pid":"${pid}","offset":"1-0"}`);
    await settled();
    expect(answerOf(named).pid).not.toBe(pid);
    expect(asked).toEqual([[pid, "1-0"]]);
  });
});

test("AD3 SessionAwareAdapter is constructed with a namespace alone, and has the limits of the server", async () => {
  const { SessionAwareAdapter } = await import("@sockeye/adapter/socket.io-adapter");
  const first = start({ maxPackets: 1 }, { adapter: SessionAwareAdapter as AdapterFactory });
  servers = [first];
  const { pid, raw: own } = come(first);
  first.emit("x");
  const offset = offsetIn(read(own)[0]);
  own.leave();
  first.emit("missed");
  const back = come(first, { pid, offset });
  expect([back.pid, back.missed.length]).toEqual([pid, 1]);
  back.raw.leave();
  first.emit("one");
  first.emit("two, beyond the limit");
  expect(come(first, { pid, offset }).pid).not.toBe(pid);
});
