// A stored outbox: what is sent when, what survives the page, and how several pages share it. The server and the network
// are the test; the store is one in memory, or one that fails.

import { describe, expect, test, vi } from "vitest";
import { fakeLocks, openPage, type PagePlan } from "../../testing/outbox-page.ts";
import { memoryStore, type OutboxStore } from "./outbox-store.ts";

let tests = 0;

function plan(more: Partial<PagePlan> = {}): PagePlan {
  return { key: `test ${++tests}`, store: memoryStore(), ...more };
}

const names = (got: unknown[][]): unknown[] => got.map(([event]) => event);

describe("one page", () => {
  test("sends one event after the other, each when the one before is acknowledged", async () => {
    const page = openPage(plan({ isConnected: true }));
    page.emit("a", 1);
    page.emit("b");
    await vi.waitUntil(() => page.got.length === 1);
    expect(page.queue.list().map(({ data }) => data)).toEqual([["a", 1], ["b"]]);
    page.answer("ok");
    await vi.waitUntil(() => page.got.length === 2);
    expect(names(page.got)).toEqual(["a", "b"]);
    page.answer();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(page.heard).toContainEqual(["acknowledged", "a", "ok"]);
  });

  test("an event has left the store when it has been acknowledged, and not before", async () => {
    const shared = plan({ isConnected: true });
    const page = openPage(shared);
    page.emit("a");
    await vi.waitUntil(() => page.got.length === 1);
    expect(await shared.store.load()).toHaveLength(1);
    page.answer();
    await vi.waitUntil(async () => (await shared.store.load()).length === 0);
  });

  test("nothing is sent before it has been stored", async () => {
    const store = memoryStore();
    let stored = (): void => {};
    const slow: OutboxStore = {
      ...store,
      put: (event) =>
        new Promise<void>((resolve) => {
          stored = () => resolve(store.put(event));
        }),
    };
    const page = openPage(plan({ store: slow, isConnected: true }), true);
    await vi.waitUntil(() => page.heard.length === 1);
    page.emit("a");
    page.queue.resume();
    // As many turns as it takes to read the store, and some more.
    for (let turn = 0; turn < 20; turn++) await slow.load();
    expect(page.got).toEqual([]);
    expect(page.queue.list().map(({ isStored }) => isStored)).toEqual([false]);
    stored();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(names(page.got)).toEqual(["a"]);
  });

  test("a lost connection is no try: an event outlasts more of them than it has retries", async () => {
    const page = openPage(plan({ isConnected: true, retries: 1 }));
    page.emit("a");
    for (let time = 1; time <= 4; time++) {
      await vi.waitUntil(() => page.got.length === time);
      page.disconnect();
      page.connect();
    }
    await vi.waitUntil(() => page.got.length === 5);
    page.answer();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(page.heard).toEqual([["loaded"], ["acknowledged", "a"]]);
  });

  test("without a connection nothing is sent; with one, all of it in order", async () => {
    const page = openPage(plan(), true);
    for (let at = 0; at < 20; at++) page.emit("n", at);
    await vi.waitUntil(() => page.heard.length === 1);
    expect(page.got).toEqual([]);
    page.connect();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(page.got.map(([, at]) => at)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  test("an event that was in flight when the connection was lost is sent again, with the same id", async () => {
    const page = openPage(plan({ isConnected: true }));
    page.emit("a");
    await vi.waitUntil(() => page.got.length === 1);
    page.disconnect();
    page.connect();
    await vi.waitUntil(() => page.got.length === 2);
    expect(page.got[1]).toEqual(page.got[0]);
    expect(page.got[0]?.[1]).toEqual({ outboxId: page.queue.list()[0]?.id });
  });

  test("an unanswered event is sent again; after as many retries as are allowed it is dropped", async () => {
    const page = openPage(plan({ isConnected: true, retries: 1 }));
    const ack = vi.fn();
    page.emit("a", ack);
    page.emit("b");
    await vi.waitUntil(() => page.got.length === 1);
    page.expire();
    await vi.waitUntil(() => page.got.length === 2);
    page.expire();
    await vi.waitUntil(() => page.got.length === 3);
    expect(names(page.got)).toEqual(["a", "a", "b"]);
    expect(ack).toHaveBeenCalledExactlyOnceWith(new Error("operation has timed out"));
    expect(page.heard).toContainEqual(["dropped", "a", "operation has timed out"]);
  });

  test("an event that can no longer be encoded fails alone", async () => {
    const page = openPage(plan({ isConnected: true }), true);
    const ack = vi.fn();
    page.emit("unsendable", ack);
    page.emit("b");
    await vi.waitUntil(() => page.queue.size === 0);
    expect(names(page.got)).toEqual(["b"]);
    expect(ack).toHaveBeenCalledExactlyOnceWith(new TypeError("cannot be encoded"));
  });

  test("what is sent is what was emitted, whatever has become of it since", async () => {
    const page = openPage(plan({ withId: false }), true);
    const message = { text: "as it was", bytes: new Uint8Array([1]) };
    page.emit("a", message);
    message.text = "changed";
    message.bytes[0] = 2;
    page.connect();
    await vi.waitUntil(() => page.got.length === 1);
    expect(page.got).toEqual([["a", { text: "as it was", bytes: new Uint8Array([1]) }]]);
  });

  test("the id goes where the application wants it", async () => {
    const withId: PagePlan["withId"] = ([first], id) => [{ ...(first as object), id }];
    const page = openPage(plan({ withId, isConnected: true }), true);
    page.emit("a", { text: "x" });
    await vi.waitUntil(() => page.got.length === 1);
    expect(page.got).toEqual([["a", { text: "x", id: expect.stringMatching(/^[\w-]{16}\.1$/) }]]);
  });

  test("clear empties memory and store; acknowledgements fail, and an answer that comes later is ignored", async () => {
    const shared = plan({ isConnected: true });
    const page = openPage(shared);
    const ack = vi.fn();
    page.emit("a", ack);
    page.emit("b", ack);
    await vi.waitUntil(() => page.got.length === 1);
    const error = new Error("cleared");
    page.queue.clear(error);
    expect(page.queue.size).toBe(0);
    expect(ack.mock.calls).toEqual([[error], [error]]);
    page.answer("late");
    await vi.waitUntil(async () => (await shared.store.load()).length === 0);
    page.emit("c");
    await vi.waitUntil(() => page.got.length === 2);
    expect(names(page.got)).toEqual(["a", "c"]);
    expect(ack).toHaveBeenCalledTimes(2);
    expect(page.heard).toEqual([["loaded"]]);
  });
});

describe("limits", () => {
  test("refuse: a full outbox takes nothing more, by number and by bytes", () => {
    const byNumber = openPage(plan({ maxEvents: 1 }));
    expect([byNumber.emit("a"), byNumber.emit("b")]).toEqual([true, false]);
    const byBytes = openPage(plan({ maxBytes: 150 }));
    expect([byBytes.emit("a"), byBytes.emit("b", "x".repeat(100))]).toEqual([true, false]);
    expect(byBytes.emit("c")).toBe(true);
  });

  test("drop-oldest: the oldest make way, but not one that is in flight", async () => {
    const page = openPage(plan({ maxEvents: 2, whenFull: "drop-oldest", isConnected: true }));
    const ack = vi.fn();
    page.emit("a");
    await vi.waitUntil(() => page.got.length === 1);
    page.emit("b", ack);
    expect(page.emit("c")).toBe(true);
    expect(page.queue.list().map(({ data }) => data[0])).toEqual(["a", "c"]);
    expect(page.heard).toContainEqual(["dropped", "b", "ERR_OUTBOX_FULL"]);
    expect(ack).toHaveBeenCalledExactlyOnceWith(new Error("the outbox is full"));
    const small = openPage(plan({ maxBytes: 150, whenFull: "drop-oldest" }));
    small.emit("a");
    expect(small.emit("never", "x".repeat(200))).toBe(false);
    expect(small.queue.size).toBe(1);
  });

  test("maxAge: an event that is too old is dropped rather than sent", async () => {
    const store = memoryStore();
    const old = { id: "x.1", data: ["old"], keptAt: Date.now() - 2000, bytes: 1, compress: true };
    await store.put(old);
    await store.put({ ...old, id: "x.2", data: ["young"], keptAt: Date.now() });
    const page = openPage(plan({ store, maxAge: 1000, isConnected: true }), true);
    await vi.waitUntil(() => page.got.length === 1);
    expect(names(page.got)).toEqual(["young"]);
    expect(page.heard).toContainEqual(["dropped", "old", "ERR_OUTBOX_EXPIRED"]);
    await vi.waitUntil(async () => (await store.load()).length === 0);
  });

  test("a number that is none, and a policy that is none, are refused", () => {
    expect(() => openPage(plan({ maxBytes: Number.NaN }))).toThrow(TypeError);
    expect(() => openPage(plan({ whenFull: "explode" as never }))).toThrow(TypeError);
  });
});

describe("after the end of a page", () => {
  test("the next one sends what was left, in order, before what it emits itself", async () => {
    const shared = plan();
    const first = openPage(shared);
    first.emit("a", 1);
    first.emit("b", 2);
    await vi.waitUntil(async () => (await shared.store.load()).length === 2);
    const second = openPage({ ...shared, isConnected: true }, true);
    second.emit("c", 3);
    await vi.waitUntil(() => second.got.length === 3);
    expect(names(second.got)).toEqual(["a", "b", "c"]);
    expect(second.heard).toContainEqual(["acknowledged", "a", "ok"]);
  });

  test("what was in flight when it crashed is sent again with its id", async () => {
    const locks = fakeLocks();
    const shared = plan();
    const first = openPage({ ...shared, locks: locks.of("first" as never), isConnected: true });
    first.emit("a");
    await vi.waitUntil(() => first.got.length === 1);
    first.crash();
    locks.release("first" as never);
    const second = openPage(
      { ...shared, locks: locks.of("second" as never), isConnected: true },
      true,
    );
    await vi.waitUntil(() => second.got.length === 1);
    expect(second.got).toEqual(first.got);
  });

  test("the list has what earlier pages have left, before there is a connection", async () => {
    const shared = plan();
    const first = openPage(shared);
    first.emit("a", 1);
    await vi.waitUntil(async () => (await shared.store.load()).length === 1);
    const second = openPage(shared);
    await vi.waitUntil(() => second.heard.length === 1);
    expect(second.heard).toEqual([["loaded", "a"]]);
    expect(second.queue.list()).toEqual(first.queue.list());
  });
});

describe("pages that share a store", () => {
  test("one sends at a time; each event is sent once, and each page gets its own answers", async () => {
    const locks = fakeLocks();
    const shared = plan();
    const one = openPage({ ...shared, locks: locks.of({}) }, true);
    const other = openPage({ ...shared, locks: locks.of({}) }, true);
    const answers = vi.fn();
    for (let at = 0; at < 10; at++) {
      one.emit("one", at, (...answer: unknown[]) => answers("one", at, ...answer));
      other.emit("other", at, (...answer: unknown[]) => answers("other", at, ...answer));
    }
    one.connect();
    other.connect();
    await vi.waitUntil(() => answers.mock.calls.length === 20);
    const all = [...one.got, ...other.got];
    const ids = all.map((event) => (event.at(-1) as { outboxId: string }).outboxId);
    expect(new Set(ids).size).toBe(20);
    expect(all).toHaveLength(20);
    for (const [, , error, answer] of answers.mock.calls)
      expect([error, answer]).toEqual([null, "ok"]);
    expect([one.queue.size, other.queue.size]).toEqual([0, 0]);
    expect(await shared.store.load()).toEqual([]);
  });

  test("a page that is connected sends the events of one that is not", async () => {
    const locks = fakeLocks();
    const shared = plan();
    const connected = openPage({ ...shared, locks: locks.of({}), isConnected: true }, true);
    const offline = openPage({ ...shared, locks: locks.of({}) });
    // Nothing but the word of the other page makes it read the store again.
    await vi.waitUntil(() => connected.heard.length === 1);
    await shared.store.load();
    const ack = vi.fn();
    offline.emit("a", ack);
    await vi.waitUntil(() => ack.mock.calls.length === 1);
    expect(ack).toHaveBeenCalledExactlyOnceWith(null, "ok");
    expect(names(connected.got)).toEqual(["a"]);
    expect(offline.queue.size).toBe(0);
  });

  test("clear in one page lets the acknowledgements of the others fail", async () => {
    const shared = plan();
    const one = openPage(shared);
    const other = openPage(shared);
    const ack = vi.fn();
    other.emit("a", ack);
    await vi.waitUntil(async () => (await shared.store.load()).length === 1);
    one.queue.clear(new Error("cleared"));
    await vi.waitUntil(() => ack.mock.calls.length === 1);
    expect(ack.mock.calls[0]?.[0]).toMatchObject({ code: "ERR_OUTBOX_CLEARED" });
    expect(other.queue.size).toBe(0);
  });

  test("where pages cannot speak, one whose event is gone from the store knows that it was sent", async () => {
    const store = memoryStore();
    const one = openPage(plan({ store }));
    const other = openPage(plan({ store, isConnected: true }), true);
    const ack = vi.fn();
    one.emit("a", ack);
    await vi.waitUntil(async () => (await store.load()).length === 1);
    other.connect();
    await vi.waitUntil(async () => (await store.load()).length === 0);
    one.connect();
    await vi.waitUntil(() => ack.mock.calls.length === 1, { timeout: 3000 });
    expect(ack.mock.calls[0]?.[0]).toMatchObject({ code: "ERR_OUTBOX_ANSWER_LOST" });
    expect(one.got).toEqual([]);
  });
});

describe("a store that fails", () => {
  const failing = (broken: Partial<Record<keyof OutboxStore, () => boolean>>): OutboxStore => {
    const store = memoryStore();
    const guarded = async <Result>(name: keyof OutboxStore, call: () => Promise<Result>) => {
      if (broken[name]?.()) throw new Error(`${name} failed`);
      return await call();
    };
    return {
      load: () => guarded("load", () => store.load()),
      put: (event) => guarded("put", () => store.put(event)),
      remove: (ids) => guarded("remove", () => store.remove(ids)),
    };
  };

  test("events are kept in memory, and sent; it is reported once", async () => {
    const always = (): boolean => true;
    const page = openPage(
      plan({ store: failing({ load: always, put: always, remove: always }) }),
      true,
    );
    page.emit("a");
    page.emit("b");
    page.connect();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(names(page.got)).toEqual(["a", "b"]);
    expect(page.heard.filter(([what]) => what === "problem")).toEqual([["problem", "load failed"]]);
  });

  test("an event that could not be stored takes its place among those that were", async () => {
    let puts = 0;
    const page = openPage(plan({ store: failing({ put: () => ++puts === 2 }) }), true);
    for (const name of ["a", "b", "c"]) page.emit(name);
    await vi.waitUntil(() => page.heard.length === 2);
    await expect
      .poll(() => page.queue.list().map(({ isStored }) => isStored))
      .toEqual([true, false, true]);
    page.connect();
    await vi.waitUntil(() => page.queue.size === 0);
    expect(names(page.got)).toEqual(["a", "b", "c"]);
  });

  test("an event that it does not remove is not sent again by this page", async () => {
    let isBroken = true;
    const store = failing({ remove: () => isBroken });
    const page = openPage(plan({ store, isConnected: true }), true);
    page.emit("a");
    await vi.waitUntil(() => page.got.length === 1);
    isBroken = false;
    page.emit("b");
    await vi.waitUntil(() => page.got.length === 2);
    page.emit("c");
    await vi.waitUntil(() => page.queue.size === 0);
    expect(names(page.got)).toEqual(["a", "b", "c"]);
    expect((await store.load()).map(({ data }) => data[0])).toEqual(["a"]);
  });
});
