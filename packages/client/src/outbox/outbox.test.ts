// `socket.outbox`: the send buffer and the queue of `retries` as one list, and what becomes of data that are changed
// while they are kept.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../../testing/fake-transport.ts";
import { Manager } from "../manager.ts";
import type { SocketOptions } from "../options.ts";
import type { RetryingSocket } from "../retrying-socket.ts";
import { memoryStore } from "./outbox-store.ts";
import { storedOutbox } from "./stored-outbox.ts";

function start(options: SocketOptions = {}) {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { reconnectionDelay: 1 }, platform);
  const socket = manager.socket("/", options) as RetryingSocket;
  const latest = () => platform.made.at(-1)!;
  const connect = (): void => {
    latest().receive(handshake());
    latest().receive('40{"sid":"S"}');
    latest().drain();
  };
  /** Acknowledges what is in flight. */
  const acknowledge = (id: number): void => {
    latest().receive(`43${id}[]`);
    latest().drain();
  };
  const events = (): string[] => latest().sent.filter((frame) => frame.startsWith("42"));
  return { manager, socket, latest, connect, acknowledge, events };
}

const circle = (): unknown[] => {
  const list: unknown[] = [];
  list.push(list);
  return list;
};

/** What has surfaced as uncaught. */
const uncaught: unknown[] = [];
const onUncaught = (error: unknown): void => void uncaught.push((error as Error).constructor.name);
let others: NodeJS.UncaughtExceptionListener[] = [];

beforeEach(() => {
  uncaught.length = 0;
  others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", onUncaught);
});
afterEach(() => {
  process.removeAllListeners("uncaughtException");
  for (const listener of others) process.on("uncaughtException", listener);
});

describe.each<[string, SocketOptions]>([
  ["the send buffer", {}],
  ["the queue of retries", { retries: 2 }],
])("outbox of %s", (_, options) => {
  test("shows what is kept while there is no connection: id, event, arguments, time", () => {
    const { socket } = start(options);
    const before = Date.now();
    socket.emit("a", 1, { b: 2 }, () => {}).emit("c");
    const list = socket.outbox.list();
    expect(list.map(({ event, args }) => [event, args])).toEqual([
      ["a", [1, { b: 2 }]],
      ["c", []],
    ]);
    expect(socket.outbox.size).toBe(2);
    expect(new Set(list.map(({ id }) => id)).size).toBe(2);
    for (const { keptAt } of list) {
      expect(keptAt).toBeGreaterThanOrEqual(before);
      expect(keptAt).toBeLessThanOrEqual(Date.now());
    }
    expect(socket.outbox.list()).toEqual(list);
  });

  test("is empty when everything has been sent, and acknowledged where that is waited for", () => {
    const { socket, connect, acknowledge, events } = start(options);
    socket.emit("a").emit("b");
    connect();
    if (options.retries) {
      expect(socket.outbox.size).toBe(2);
      acknowledge(0);
      acknowledge(1);
    }
    expect(events()).toHaveLength(2);
    expect(socket.outbox.size).toBe(0);
  });

  test("clear forgets all of it; acknowledgements fail with a code", async () => {
    const { socket, connect, events } = start(options);
    const answer = socket.emitWithAck("a");
    const ack = vi.fn();
    socket.timeout(1000).emit("b", ack);
    socket.outbox.clear();
    expect(socket.outbox.size).toBe(0);
    expect(socket.sendBuffer).toEqual([]);
    await expect(answer).rejects.toMatchObject({ code: "ERR_OUTBOX_CLEARED" });
    expect(ack).toHaveBeenCalledExactlyOnceWith(new Error("the outbox has been cleared"));
    connect();
    expect(events()).toEqual([]);
    socket.emit("c");
    expect(events()).toHaveLength(1);
  });

  test("data that cannot be encoded is refused at emit, and kept nowhere", () => {
    const { socket } = start(options);
    expect(() => socket.emit("a", circle())).toThrow(TypeError);
    expect(() => socket.emit("a", 1n)).toThrow(TypeError);
    expect(socket.outbox.size).toBe(0);
  });

  test("data that is changed so that it cannot be encoded fails alone: no event is blocked, no connection cut", () => {
    const { socket, manager, connect, acknowledge, events } = start(options);
    const closed = vi.fn();
    manager.on("close", closed);
    const data: unknown[] = [];
    const ack = vi.fn();
    socket.timeout(1000).emit("a", data, ack);
    socket.emit("b");
    data.push(data);
    connect();
    expect(events()).toEqual([options.retries ? '421["b"]' : '42["b"]']);
    expect(ack).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError));
    if (options.retries) acknowledge(1);
    expect(socket.outbox.size).toBe(0);
    expect([socket.connected, closed.mock.calls]).toEqual([true, []]);
  });

  test("without an acknowledgement, the error of changed data surfaces as uncaught", async () => {
    const { socket, connect, events } = start(options);
    const data: unknown[] = [];
    socket.emit("a", data).emit("b");
    data.push(data);
    connect();
    await vi.waitUntil(() => uncaught.length > 0);
    expect(uncaught).toEqual(["TypeError"]);
    expect(events()).toHaveLength(1);
  });
});

test("a packet that the application puts into the send buffer itself is listed, too", () => {
  const { socket } = start();
  socket.emit("a");
  socket.sendBuffer = [{ type: 2, data: ["own", 1] }];
  expect(socket.outbox.list()).toMatchObject([{ event: "own", args: [1] }]);
  socket.sendBuffer = [];
  expect(socket.outbox.size).toBe(0);
});

test("retries: an event that is changed while it waits for its second try fails alone", async () => {
  const { socket, connect, acknowledge, events, latest } = start({ retries: 5 });
  connect();
  const data: unknown[] = [];
  const ack = vi.fn();
  socket.timeout(20).emit("a", data, ack);
  socket.emit("b");
  latest().drain();
  data.push(data);
  await vi.waitUntil(() => events().length === 2);
  expect(ack).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError));
  acknowledge(2);
  expect(socket.outbox.size).toBe(0);
  expect(latest().calls).toEqual(["open"]);
});

describe("a stored outbox", () => {
  const stored = () => {
    const store = memoryStore();
    return { store, outbox: storedOutbox("test", () => store, { withId: false }) };
  };

  test("stores what is emitted, shows it, and sends it with an acknowledgement", async () => {
    const { store, outbox } = stored();
    const { socket, connect, acknowledge, events } = start({ outbox });
    const ack = vi.fn();
    socket.emit("a", 1, ack);
    expect(socket.outbox.list()).toMatchObject([{ event: "a", args: [1] }]);
    expect(socket.sendBuffer).toEqual([]);
    await vi.waitUntil(async () => (await store.load()).length === 1);
    connect();
    await vi.waitUntil(() => events().length === 1);
    expect(events()).toEqual(['420["a",1]']);
    acknowledge(0);
    await vi.waitUntil(async () => (await store.load()).length === 0);
    // As without outbox: no error in front, because no time-out was asked for.
    expect(ack).toHaveBeenCalledExactlyOnceWith();
    expect(socket.outbox.size).toBe(0);
  });

  test("volatile events are never stored", async () => {
    const { store, outbox } = stored();
    const { socket, connect, events } = start({ outbox });
    socket.volatile.emit("v");
    connect();
    socket.volatile.emit("v", 2);
    expect(events()).toEqual(['42["v",2]']);
    expect(await store.load()).toEqual([]);
  });

  test("data that cannot be encoded or stored is refused at emit by a TypeError", () => {
    const { outbox } = stored();
    const { socket } = start({ outbox });
    for (const data of [circle(), 1n, { f: () => {} }]) {
      expect(() => socket.emit("a", data, "more")).toThrow(TypeError);
    }
    expect(socket.outbox.size).toBe(0);
  });

  test("a full one refuses the newest; the manager raises overflow", () => {
    const { outbox } = stored();
    const { socket, manager } = start({ outbox, maxSendBufferLength: 1 });
    const overflow = vi.fn();
    manager.on("overflow", overflow);
    const ack = vi.fn();
    socket.emit("a");
    socket.timeout(1000).emit("b", ack);
    expect(ack).toHaveBeenCalledExactlyOnceWith(new Error("send buffer is full"));
    expect(overflow).toHaveBeenCalledOnce();
  });

  test("a store that throws does not let emit throw", async () => {
    const onProblem = vi.fn();
    const fail = (): never => {
      throw new Error("no storage");
    };
    const outbox = storedOutbox("test", () => ({ load: fail, put: fail, remove: fail }), {
      onProblem,
    });
    const { socket, connect, events } = start({ outbox });
    socket.emit("a");
    connect();
    await vi.waitUntil(() => events().length === 1);
    expect(onProblem).toHaveBeenCalledExactlyOnceWith(new Error("no storage"));
  });

  test("a name that is empty, and an option that is no outbox, are refused", () => {
    expect(() => storedOutbox("", memoryStore)).toThrow(TypeError);
    expect(() => start({ outbox: "orders" as never })).toThrow(TypeError);
  });
});
