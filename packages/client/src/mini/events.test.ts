// Events and acknowledgements of the smallest client, and what it keeps until there is a connection.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HANDSHAKE, latest, stubPage } from "../../testing/fake-web-socket.ts";
import { connected, lose, made } from "../../testing/mini-client.ts";
import { connect, type MiniOptions, type MiniSocket } from "./index.ts";

beforeEach(() => {
  vi.useFakeTimers();
  stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("events", () => {
  test("on, once, off", () => {
    const { socket } = connected();
    const heard: unknown[] = [];
    const listener = (...args: unknown[]): void => void heard.push(args);
    socket.once("x", () => void heard.push("once"));
    socket.on("x", listener).once("x", listener);
    latest().receive('42["x",1]', '42["x",2]');
    expect(heard).toEqual(["once", [1], [1], [2]]);
    socket.off("x", listener);
    latest().receive('42["x",3]');
    socket.on("x", listener).off("x").on("y", listener).off();
    latest().receive('42["x",4]', '42["y",4]');
    expect(heard).toHaveLength(4);
  });

  test("what a listener throws is uncaught; the other listeners and the connection are not concerned", () => {
    const { socket, log } = connected();
    const thrown: (() => void)[] = [];
    vi.stubGlobal("queueMicrotask", (task: () => void) => void thrown.push(task));
    const second = vi.fn();
    socket.on("x", () => {
      throw new Error("mine");
    });
    socket.on("x", second);
    latest().receive('42["x",1]');
    expect(second).toHaveBeenCalledExactlyOnceWith(1);
    expect(thrown).toHaveLength(1);
    expect(thrown[0]).toThrow("mine");
    expect([log, socket.connected]).toEqual([[], true]);
  });

  test("a listener answers once", () => {
    const { socket } = connected();
    socket.on("ask", (text: string, answer: (...args: unknown[]) => void) => {
      answer(text, 1);
      answer(text, 2);
    });
    latest().receive('427["ask","?"]');
    expect(latest().sent.slice(1)).toEqual(['437["?",1]']);
  });

  test("bytes in both directions", () => {
    const { socket } = connected();
    const bytes = Uint8Array.of(1, 2);
    const heard: unknown[] = [];
    socket.on("bytes", (value) => heard.push(value));
    socket.emit("bytes", { bytes });
    expect(latest().sent.slice(1)).toEqual([
      '451-["bytes",{"bytes":{"_placeholder":true,"num":0}}]',
      bytes,
    ]);
    latest().receive('451-["bytes",{"_placeholder":true,"num":0}]', bytes.buffer);
    expect(heard).toEqual([bytes.buffer]);
  });

  test.each(["connect", "disconnect", "connect_error"])("%s cannot be emitted", (name) => {
    const { socket } = connected();
    expect(() => socket.emit(name)).toThrow(`"${name}" is a reserved event name`);
  });

  test("data that cannot be sent is refused when it is given, connected or not", () => {
    const { socket } = made();
    const answer = vi.fn();
    expect(() => socket.timeout(1).emit("x", 1n, answer)).toThrow(TypeError);
    latest().welcome();
    expect(() => socket.emit("x", 1n)).toThrow(TypeError);
    vi.advanceTimersByTime(10);
    expect(latest().sent).toEqual(["40"]);
    expect(answer).not.toHaveBeenCalled();
  });

  test("without a receiver: methods can be taken out", () => {
    const { on, emit, volatile } = connect("https://here.example");
    expect(on).toBeInstanceOf(Function);
    expect(volatile.emit).toBe(emit);
  });
});

describe("acknowledgements", () => {
  test("by callback and by promise", async () => {
    const { socket } = connected();
    const answer = vi.fn();
    socket.emit("a", 1, answer);
    const promise = socket.emitWithAck("b");
    expect(latest().sent.slice(1)).toEqual(['420["a",1]', '421["b"]']);
    latest().receive('431["two"]', '430["one",1]', '430["again"]');
    expect(answer.mock.calls).toEqual([["one", 1]]);
    expect(await promise).toBe("two");
  });

  test.each<[string, (socket: MiniSocket) => MiniSocket, MiniOptions]>([
    ["timeout()", (socket) => socket.timeout(50) as MiniSocket, {}],
    ["ackTimeout", (socket) => socket, { ackTimeout: 50 }],
  ])("%s: an error when the time is over, and then nothing", (_, flagged, options) => {
    const { socket } = connected(options);
    const answer = vi.fn();
    flagged(socket).emit("a", answer);
    vi.advanceTimersByTime(49);
    expect(answer).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    latest().receive('430["late"]');
    expect(answer.mock.calls).toEqual([[new Error("operation has timed out")]]);
  });

  test("an event whose time is over is not sent any more", () => {
    const { socket } = made();
    socket.timeout(50).emit("late", () => {});
    vi.advanceTimersByTime(50);
    latest().welcome();
    expect(latest().sent).toEqual(["40"]);
  });

  test("the connection is lost: what was sent fails, what is kept does not", async () => {
    const { socket } = connected();
    const sent = socket.emitWithAck("sent");
    const plain = vi.fn();
    socket.emit("plain", plain);
    let kept: Promise<unknown> | undefined;
    socket.once("disconnect", () => {
      kept = socket.emitWithAck("kept");
    });
    const failed = expect(sent).rejects.toThrow("socket has been disconnected");
    lose();
    await failed;
    vi.advanceTimersByTime(1000);
    latest().welcome();
    expect(latest().sent).toEqual(["40", '422["kept"]']);
    latest().receive('432["yes"]');
    expect(await kept).toBe("yes");
    // Without a timeout the callback takes no error, as with Socket.IO.
    expect(plain).not.toHaveBeenCalled();
  });
});

describe("the send buffer", () => {
  test("keeps events in order until there is a connection", () => {
    const { socket } = made();
    socket.emit("a").emit("b", 1);
    latest().receive(HANDSHAKE);
    expect(latest().sent).toEqual(["40"]);
    latest().receive('40{"sid":"S"}');
    expect(latest().sent).toEqual(["40", '42["a"]', '42["b",1]']);
  });

  test("is bounded: what is too much fails", async () => {
    const { socket } = made({ maxSendBufferLength: 1 });
    socket.emit("a");
    await expect(socket.emitWithAck("b")).rejects.toThrow("send buffer is full");
    latest().welcome();
    expect(latest().sent).toEqual(["40", '42["a"]']);
  });

  test("volatile events are not kept, and only the first of one go is sent", async () => {
    const { socket } = made();
    socket.volatile.emit("lost");
    latest().welcome();
    await Promise.resolve();
    socket.volatile.emit("sent").volatile.emit("dropped");
    await Promise.resolve();
    socket.volatile.emit("sent too").emit("plain");
    expect(latest().sent).toEqual(["40", '42["sent"]', '42["sent too"]', '42["plain"]']);
  });
});
