// Sockets with `retries` where what makes queues is fetched, as in the ES module of a page.

import { describe, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../../testing/fake-transport.ts";
import { catchUncaught } from "../../testing/uncaught.ts";
import { Manager } from "../manager.ts";
import type { SocketOptions } from "../options.ts";
import type { RetryingSocket } from "../retrying-socket.ts";
import type { WithQueues } from "../socket-manager.ts";
import type { OutboxProvider } from "./event-queue.ts";
import { memoryStore } from "./outbox-store.ts";
import { attachQueue } from "./queues.ts";
import { storedOutbox } from "./stored-outbox.ts";

function start(options: SocketOptions = { retries: 2 }) {
  const asked: Parameters<WithQueues>[] = [];
  const platform = Object.assign(fakePlatform("websocket"), {
    withQueues: (...each: Parameters<WithQueues>) => void asked.push(each),
  });
  const manager = new Manager("http://here", { reconnectionDelay: 1 }, platform);
  const socket = manager.socket("/", options) as RetryingSocket;
  const latest = () => platform.made.at(-1)!;
  /** What has been asked for arrives. */
  const arrive = (): void => {
    for (const [use] of asked.splice(0)) use(attachQueue);
  };
  /** It cannot be fetched. */
  const fail = (): void => {
    for (const [, onMissing] of asked.splice(0)) onMissing(new TypeError("cannot be fetched"));
  };
  const connect = (): void => {
    latest().receive(handshake());
    latest().receive('40{"sid":"S"}');
    latest().drain();
  };
  const acknowledge = (id: number): void => {
    latest().receive(`43${id}["ok"]`);
    latest().drain();
  };
  const reconnect = async (): Promise<void> => {
    const before = platform.made.length;
    latest().sink.onClose({ description: "gone" });
    await vi.waitUntil(() => platform.made.length > before);
    connect();
  };
  const events = (): string[] => latest().sent.filter((frame) => frame.startsWith("42"));
  return { manager, socket, asked, arrive, fail, connect, reconnect, acknowledge, events };
}

const names = ({ outbox }: RetryingSocket): string[] => outbox.list().map(({ event }) => event);

describe("a queue that is fetched", () => {
  test("CL104 is asked for by a socket that has `retries`, and by no other", () => {
    expect(start({}).asked).toHaveLength(0);
    expect(start({ retries: 0, ackTimeout: 5 }).asked).toHaveLength(0);
    expect(start({ retries: 1 }).asked).toHaveLength(1);
  });

  test.each(["before", "after"])(
    "CL104 sends in order what was emitted while it was fetched, arriving %s the connection",
    (when) => {
      const { socket, arrive, connect, acknowledge, events } = start();
      const answers: unknown[] = [];
      socket.emit("a", 1, (...answer: unknown[]) => answers.push(answer)).emit("b");
      expect([socket.sendBuffer.length, names(socket), events()]).toEqual([0, ["a", "b"], []]);
      if (when === "before") arrive();
      connect();
      if (when === "after") {
        socket.emit("c");
        expect(events()).toEqual([]);
        arrive();
      } else socket.emit("c");
      expect(events()).toEqual(['420["a",1]']);
      expect(names(socket)).toEqual(["a", "b", "c"]);
      for (const id of [0, 1, 2]) acknowledge(id);
      expect(events().slice(1)).toEqual(['421["b"]', '422["c"]']);
      expect([answers, socket.outbox.size]).toEqual([[[null, "ok"]], 0]);
    },
  );

  test("CL104 volatile events do not wait for it", () => {
    const { socket, connect, events } = start();
    connect();
    socket.emit("a");
    socket.volatile.emit("v");
    expect(events()).toEqual(['42["v"]']);
  });

  test("CL104 a time limit is that of a try: it begins when the event is sent", () => {
    vi.useFakeTimers();
    try {
      const { socket, arrive, connect, acknowledge, events } = start({
        retries: 1,
        ackTimeout: 50,
      });
      const first = vi.fn();
      const second = vi.fn();
      socket.emit("a", first);
      socket.timeout(20).emit("b", second);
      vi.advanceTimersByTime(1000);
      expect([first.mock.calls, second.mock.calls]).toEqual([[], []]);
      connect();
      arrive();
      acknowledge(0);
      expect(first).toHaveBeenCalledExactlyOnceWith(null, "ok");
      vi.advanceTimersByTime(20);
      vi.advanceTimersByTime(20);
      expect(second).toHaveBeenCalledExactlyOnceWith(new Error("operation has timed out"));
      expect(events().length).toBeGreaterThanOrEqual(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test("CL104 before it is there: data that cannot be encoded, reserved names and the limit", async () => {
    const { socket, manager } = start({ retries: 1, maxSendBufferLength: 1 });
    const overflow = vi.fn();
    manager.on("overflow", overflow);
    expect(() => socket.emit("a", 1n)).toThrow(TypeError);
    expect(() => socket.emit("connect")).toThrow("reserved event name");
    socket.emit("a");
    await expect(socket.emitWithAck("b")).rejects.toThrow("send buffer is full");
    expect([overflow.mock.calls.length, names(socket)]).toEqual([1, ["a"]]);
  });

  test("CL104 clear forgets what waits for it", async () => {
    const { socket, arrive, connect, events } = start();
    const answer = socket.emitWithAck("a");
    socket.outbox.clear();
    await expect(answer).rejects.toMatchObject({ code: "ERR_OUTBOX_CLEARED" });
    connect();
    arrive();
    expect([socket.outbox.size, events()]).toEqual([0, []]);
  });

  test("CL104 a connection that is lost fails nothing that waits for it", async () => {
    const { socket, arrive, connect, reconnect, acknowledge } = start();
    connect();
    const ack = vi.fn();
    socket.emit("a", ack);
    await reconnect();
    expect(ack).not.toHaveBeenCalled();
    arrive();
    acknowledge(0);
    expect(ack).toHaveBeenCalledExactlyOnceWith(null, "ok");
  });

  test("CL104 data that is changed while it waits fails alone", async () => {
    const { socket, arrive, connect, events } = start();
    const data: unknown[] = [];
    const answer = socket.emitWithAck("a", data);
    socket.emit("b");
    data.push(data);
    connect();
    arrive();
    await expect(answer).rejects.toThrow(TypeError);
    expect(events()).toEqual(['420["b"]']);
  });

  test("CL104 that cannot be fetched: acknowledgements fail, and a later connection tries again", async () => {
    const { socket, asked, arrive, fail, connect, reconnect, acknowledge, events } = start();
    connect();
    const answer = socket.emitWithAck("a");
    fail();
    await expect(answer).rejects.toThrow("cannot be fetched");
    expect(socket.outbox.size).toBe(0);
    await reconnect();
    expect(asked.length).toBeGreaterThan(0);
    const ack = vi.fn();
    socket.emit("b", ack);
    arrive();
    expect(events()).toHaveLength(1);
    acknowledge(1);
    acknowledge(0);
    expect(ack).toHaveBeenCalledExactlyOnceWith(null, "ok");
  });

  test("CL104 that cannot be fetched: an event without acknowledgement is an uncaught error", async () => {
    using uncaught = catchUncaught();
    const { socket, fail, connect } = start();
    connect();
    socket.emit("a");
    fail();
    await vi.waitUntil(() => uncaught.errors.length > 0);
    expect(uncaught.errors).toEqual([new TypeError("cannot be fetched")]);
  });

  test("CL104 that cannot be fetched while there is no connection: events go on waiting", () => {
    const { socket, arrive, fail, connect, events } = start();
    const ack = vi.fn();
    socket.emit("a", ack);
    fail();
    expect([names(socket), ack.mock.calls]).toEqual([["a"], []]);
    connect();
    arrive();
    expect(events()).toEqual(['420["a"]']);
  });

  test("CL104 an outbox of the application's gets its events when it is there", () => {
    const added: unknown[] = [];
    const outbox: OutboxProvider = {
      attach: () => ({
        size: 0,
        add: (data) => added.push(data) > 0,
        resume: () => {},
        list: () => [],
        clear: () => {},
      }),
    };
    const { socket, arrive } = start({ outbox });
    socket.emit("a", 1);
    expect(added).toEqual([]);
    arrive();
    socket.emit("b");
    expect(added).toEqual([["a", 1], ["b"]]);
  });

  test("CL104 a stored outbox waits for nothing: it brings its queue along", async () => {
    const store = memoryStore();
    const { socket, asked } = start({ outbox: storedOutbox("test", () => store) });
    socket.emit("a");
    await vi.waitUntil(async () => (await store.load()).length === 1);
    expect(asked).toEqual([]);
  });
});

test("CL103 an event of the queue that meets an overdue ping is sent once by the next connection", async () => {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { reconnectionDelay: 1 }, platform);
  const socket = manager.socket("/", { retries: 2 }) as RetryingSocket;
  const latest = () => platform.made.at(-1)!;
  const connect = (): void => {
    latest().receive(handshake());
    latest().receive('40{"sid":"S"}');
    latest().drain();
  };
  connect();
  const overdue = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
  socket.emit("a");
  overdue.mockRestore();
  expect(names(socket)).toEqual(["a"]);
  await vi.waitUntil(() => platform.made.length > 1);
  connect();
  expect(latest().sent.filter((frame) => frame.startsWith("42"))).toHaveLength(1);
});
