// The in-memory adapter over a namespace of plain objects: who receives, who is counted, what is forgotten.

import type { Listeners } from "@sockeye/events";
import { type Packet, PacketType } from "@sockeye/protocol";
import { FakeClock } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { Adapter } from "./adapter.ts";
import type { AdapterNamespace, AdapterSocket, BroadcastFlags, Delivery } from "./contract.ts";

/** A socket that keeps what is done to it. */
class FakeSocket implements AdapterSocket {
  readonly id: string;
  readonly #adapter: Adapter<FakeSocket>;
  readonly acks = new Map<number, (...args: unknown[]) => void>();
  readonly received: Packet[] = [];
  readonly disconnected: (boolean | undefined)[] = [];

  constructor(id: string, adapter: Adapter<FakeSocket>) {
    this.id = id;
    this.#adapter = adapter;
  }
  join(rooms: string | string[]): void {
    void this.#adapter.addAll(this.id, new Set([rooms].flat()));
  }
  leave(room: string): void {
    void this.#adapter.del(this.id, room);
  }
  disconnect(close?: boolean): this {
    this.disconnected.push(close);
    this.#adapter.delAll(this.id);
    return this;
  }
}

class FakeNamespace implements AdapterNamespace<FakeSocket> {
  readonly name = "/";
  readonly clock = new FakeClock();
  readonly sockets = new Map<string, FakeSocket>();
  readonly begun: { packet: Packet; flags: BroadcastFlags }[] = [];
  readonly warnings: string[] = [];
  #ids = 0;

  encode(packet: Packet): string {
    return JSON.stringify(packet.data);
  }
  deliver(packet: Packet, flags: BroadcastFlags): Delivery {
    this.begun.push({ packet, flags });
    return { to: (id) => this.sockets.get(id)?.received.push(packet) };
  }
  nextAckId(): number {
    return this.#ids++;
  }
  warn(text: string): void {
    this.warnings.push(text);
  }
}

const packet: Packet = { type: PacketType.EVENT, nsp: "/", data: ["hello"] };

let nsp: FakeNamespace;
let adapter: Adapter<FakeSocket>;
let [a, b, c]: FakeSocket[] = [];

function socket(id: string, ...rooms: string[]): FakeSocket {
  const made = new FakeSocket(id, adapter);
  nsp.sockets.set(id, made);
  made.join([id, ...rooms]);
  return made;
}

beforeEach(() => {
  nsp = new FakeNamespace();
  adapter = new Adapter(nsp);
  a = socket("a", "r");
  b = socket("b", "r", "s");
  c = socket("c", "s");
});

function receivers(): string[] {
  return [...nsp.sockets.values()]
    .filter(({ received }) => received.length > 0)
    .map(({ id }) => id);
}

/** Acknowledgements as they come in. */
function recorded(): {
  readonly counts: number[];
  readonly answers: unknown[][];
  readonly callbacks: readonly [(count: number) => void, (...args: unknown[]) => void];
} {
  const [counts, answers]: [number[], unknown[][]] = [[], []];
  return {
    ...{ counts, answers },
    callbacks: [(count) => void counts.push(count), (...args) => void answers.push(args)],
  };
}

describe("broadcast", () => {
  test("reaches each addressed socket once, with one packet begun for all", () => {
    adapter.broadcast(packet, { rooms: new Set(["r", "s"]), flags: { volatile: true } });
    expect([a, b, c].map((each) => each?.received)).toEqual([[packet], [packet], [packet]]);
    expect(nsp.begun).toEqual([{ packet, flags: { volatile: true } }]);
  });

  test("leaves out who is excepted", () => {
    adapter.broadcast(packet, { rooms: new Set(), except: new Set(["b"]) });
    expect(receivers()).toEqual(["a", "c"]);
    expect(nsp.begun[0]?.flags).toEqual({});
  });

  test("to nobody is no fault", () => {
    adapter.broadcast(packet, { rooms: new Set(["empty"]) });
    expect(receivers()).toEqual([]);
  });
});

describe("broadcast with acknowledgements", () => {
  test("counts receivers, and hands over each answer", () => {
    const acks = recorded();
    adapter.broadcastWithAck(packet, { rooms: new Set(["s"]) }, ...acks.callbacks);
    expect(acks.counts).toEqual([2]);
    expect(receivers()).toEqual(["b", "c"]);
    const id = b?.received[0]?.id ?? -1;
    expect(packet.id).toBeUndefined();
    b?.acks.get(id)?.("one", 1);
    c?.acks.get(id)?.("two");
    expect(acks.answers).toEqual([["one", 1], ["two"]]);
  });

  test("each broadcast has an id of its own", () => {
    for (let turn = 0; turn < 2; turn++) {
      adapter.broadcastWithAck(packet, { rooms: new Set() }, ...recorded().callbacks);
    }
    expect(a?.received.map(({ id }) => id)).toEqual([0, 1]);
    expect(a?.acks.size).toBe(2);
  });

  test("once stopped, nobody waits who has not answered", () => {
    const acks = recorded();
    const stop = adapter.broadcastWithAck(packet, { rooms: new Set() }, ...acks.callbacks);
    a?.acks.get(0)?.("in time");
    a?.acks.delete(0);
    a?.acks.set(0, () => {});
    stop();
    stop();
    expect([a, b, c].map((each) => each?.acks.size)).toEqual([1, 0, 0]);
    expect(acks.answers).toEqual([["in time"]]);
  });

  test("a socket that is in a room, but gone from the namespace, is not waited for", () => {
    nsp.sockets.delete("b");
    const acks = recorded();
    adapter.broadcastWithAck(packet, { rooms: new Set(["r"]) }, ...acks.callbacks);
    expect(acks.counts).toEqual([1]);
  });

  test("data that cannot be encoded leaves nobody waiting", () => {
    nsp.deliver = () => ({
      to() {
        throw new TypeError("not serialisable");
      },
    });
    const broadcast = (): unknown =>
      adapter.broadcastWithAck(packet, { rooms: new Set() }, ...recorded().callbacks);
    expect(broadcast).toThrow("not serialisable");
    expect([a, b, c].map((each) => each?.acks.size)).toEqual([0, 0, 0]);
  });
});

describe("sockets", () => {
  test("are found by room, and their rooms by socket", async () => {
    expect(await adapter.sockets(new Set(["r"]))).toEqual(new Set(["a", "b"]));
    expect(await adapter.sockets(new Set())).toEqual(new Set(["a", "b", "c"]));
    expect(adapter.socketRooms("b")).toEqual(new Set(["b", "r", "s"]));
    expect(adapter.socketRooms("nobody")).toBeUndefined();
    expect(await adapter.fetchSockets({ rooms: new Set(["s"]), except: new Set(["r"]) })).toEqual([
      c,
    ]);
    expect(await adapter.serverCount()).toBe(1);
  });

  test("can be made to join, leave and go, all of them, although that changes who is addressed", () => {
    void adapter.addSockets({ rooms: new Set(["r"]) }, ["s", "t"]);
    expect([...(adapter.rooms.get("t") ?? [])]).toEqual(["a", "b"]);
    void adapter.delSockets({ rooms: new Set(["s"]) }, ["s"]);
    expect(adapter.rooms.has("s")).toBe(false);
    adapter.disconnectSockets({ rooms: new Set(["r"]) }, true);
    expect([a?.disconnected, b?.disconnected, c?.disconnected]).toEqual([[true], [true], []]);
    expect([...adapter.sids.keys()]).toEqual(["c"]);
  });
});

describe("events", () => {
  test("tell of rooms and members, after the fact", () => {
    const told: string[] = [];
    for (const event of ["create-room", "join-room", "leave-room", "delete-room"]) {
      adapter.on(event, (...args: unknown[]) => {
        told.push(
          `${event} ${args.join()} of ${adapter.rooms.get(String(args[0]))?.size ?? "none"}`,
        );
      });
    }
    void adapter.addAll("d", new Set(["t"]));
    void adapter.del("d", "t");
    adapter.delAll("a");
    expect(told).toEqual([
      "create-room t of 0",
      "join-room t,d of 1",
      "leave-room t,d of 0",
      "delete-room t of none",
      "leave-room a,a of 0",
      "delete-room a of none",
      "leave-room r,a of 1",
    ]);
  });
});

describe("what the application throws", () => {
  const EVENTS = ["create-room", "join-room", "leave-room", "delete-room"];

  test("AD5 is given to the namespace, event by event, and nothing is left undone", () => {
    const raised: string[] = [];
    Object.assign(nsp, {
      raiseAdapterEvent(
        listeners: Listeners,
        event: string,
        call: { target: object; args: unknown[] },
      ) {
        expect([listeners.count(event), call.target]).toEqual([1, adapter]);
        raised.push(`${event} ${call.args.join()}`);
      },
    });
    for (const event of EVENTS) adapter.on(event, () => raised.push("called"));
    void adapter.addAll("d", new Set(["d", "t"]));
    adapter.delAll("d");
    expect(raised).toEqual([
      ...["create-room d", "join-room d,d", "create-room t", "join-room t,d"],
      ...["leave-room d,d", "delete-room d", "leave-room t,d", "delete-room t"],
    ]);
  });

  test("AD5 without a namespace that takes it, is thrown when the work is done", () => {
    for (const event of EVENTS) {
      adapter.on(event, (room: string) => {
        throw new Error(`${event} ${room}`);
      });
    }
    expect(() => adapter.addAll("d", new Set(["d", "t", "r"]))).toThrow("create-room d");
    expect(adapter.sids.get("d")).toEqual(new Set(["d", "t", "r"]));
    expect(() => adapter.del("d", "t")).toThrow("leave-room t");
    expect(adapter.rooms.has("t")).toBe(false);
    expect(() => adapter.delAll("d")).toThrow("leave-room d");
    expect([adapter.sids.has("d"), adapter.rooms.has("d"), adapter.rooms.get("r")?.size]).toEqual([
      false,
      false,
      2,
    ]);
    adapter.off();
    void adapter.addAll("d", new Set(["d"]));
    expect(adapter.rooms.get("d")).toEqual(new Set("d"));
  });

  test("AD5 a callback of serverSideEmit is called by the namespace, where it can", () => {
    const called: unknown[] = [];
    const callback = (...args: unknown[]): void => void called.push(args);
    adapter.serverSideEmit(["ask", callback]);
    expect(called).toEqual([[null, []]]);
    const through: unknown[] = [];
    Object.assign(nsp, { callUser: (...args: unknown[]) => void through.push(args) });
    adapter.serverSideEmit(["ask", callback]);
    expect([called.length, through]).toEqual([1, [[callback, [null, []]]]]);
    expect(nsp.warnings).toHaveLength(2);
  });
});

test("without recovery nothing is kept and nothing restored", () => {
  expect(adapter.currentOffset()).toBe("");
  adapter.persistSession({ pid: "p", sid: "a", rooms: [], data: 1, offset: "" });
  expect(adapter.restoreSession("p", undefined)).toBeNull();
  expect(adapter.missedPackets("", new Set())).toBeNull();
});

test("AD1 emit raises an event to the adapter's listeners, and says whether there are any", () => {
  const heard: unknown[] = [];
  expect(adapter.emit("error", 1)).toBe(false);
  adapter.on("error", (...args) => void heard.push(args));
  expect(adapter.emit("error", 1, "two")).toBe(true);
  expect(heard).toEqual([[1, "two"]]);
});
