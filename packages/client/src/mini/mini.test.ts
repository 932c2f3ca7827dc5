// The smallest client without a network: states, reconnection, buffers, acknowledgements, recovery, the page.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type FakePage,
  FakeWebSocket,
  HANDSHAKE,
  latest,
  stubPage,
} from "../../testing/fake-web-socket.ts";
import { connect, type MiniOptions, type MiniSocket, type Status } from "./index.ts";

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A socket, and all that it raises. */
function made(options: MiniOptions = {}, url = "https://here.example/") {
  const socket = connect(url, { randomizationFactor: 0, ...options });
  const log: unknown[] = [];
  socket.on("connect", () => void log.push("connect"));
  socket.on("disconnect", (reason, details) =>
    log.push([reason, ...(details && "description" in details ? [details.description] : [])]),
  );
  socket.on("connect_error", ({ message, data }) => log.push([message, ...(data ? [data] : [])]));
  const states: Status[] = [];
  socket.onStatus((status) => states.push(status));
  return { socket, log, states };
}

function connected(options?: MiniOptions) {
  const all = made(options);
  latest().welcome();
  all.log.length = all.states.length = 0;
  return all;
}

/** The WebSocket ends as it does when the server, or the network, is gone. */
function lose(): void {
  latest().onclose?.({});
}

/** The wall clock goes on, the timers do not: what a machine that sleeps looks like from inside. */
function asleepFor(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

const OPEN: Status = { state: "open", transport: "websocket" };

describe("address", () => {
  test.each([
    [undefined, "wss://page.example/socket.io/", "/"],
    ["/chat", "wss://page.example/socket.io/", "/chat"],
    ["//there.example/a%C3%A9b", "wss://there.example/socket.io/", "/aéb"],
    ["http://there.example:3000/a/b?x=1#y", "ws://there.example:3000/socket.io/", "/a/b"],
    ["ws://[::1]:8080", "ws://[::1]:8080/socket.io/", "/"],
  ])("%s", (address, url, nsp) => {
    connect(address);
    expect(latest().url.split("?")[0]).toBe(url);
    latest().receive(HANDSHAKE);
    expect(latest().sent).toEqual([nsp === "/" ? "40" : `40${nsp},`]);
  });

  test.each([
    [{ query: { token: "a b", n: 1 } }, "token=a+b&n=1"],
    [{ query: "token=x" }, "token=x"],
    [{}, ""],
  ])("path, protocols and query: %o", (options, query) => {
    connect("https://here.example", { path: "/own/path", protocols: ["p"], ...options });
    expect(latest().url).toBe(`wss://here.example/own/path/?EIO=4&transport=websocket&${query}`);
    expect(latest().protocols).toEqual(["p"]);
  });

  test("the query of the address goes before the option", () => {
    connect("https://here.example/?token=1", { query: { token: 2 } });
    expect(latest().url).toMatch(/&token=1$/);
  });

  test("none where there is no page is a TypeError", () => {
    vi.stubGlobal("location", undefined);
    expect(() => connect("/chat")).toThrow(TypeError);
  });
});

describe("options", () => {
  test.each(["retries", "parser", "transports", "forceNew", "multiplex", "extraHeaders"])(
    "%s is of another entry, and refused",
    (name) => {
      const options = { [name]: 1 } as MiniOptions;
      const refusal = new TypeError(`@sockeye/client/mini has no option ${name}`);
      expect(() => connect("https://here.example", options)).toThrow(refusal);
      expect(FakeWebSocket.made).toEqual([]);
    },
  );

  test("undefined is the default, and so is a delay of 0", () => {
    const { states } = connected({
      reconnectionDelay: 0,
      reconnectionAttempts: 0,
      path: undefined,
    } as MiniOptions);
    lose();
    expect(states).toEqual([{ state: "waiting", attempt: 1, until: Date.now() + 1000 }]);
  });

  test("autoConnect: false waits for connect()", () => {
    const { socket, states } = made({ autoConnect: false });
    expect([socket.status, FakeWebSocket.made.length]).toEqual([{ state: "idle" }, 0]);
    expect(page.listenerCount).toBe(0);
    socket.connect().connect();
    expect(FakeWebSocket.made).toHaveLength(1);
    expect(states).toEqual([{ state: "connecting", attempt: 0 }]);
  });
});

describe("joining", () => {
  test("connected with the server's answer, and not before", () => {
    const { socket, log, states } = made();
    expect(latest().binaryType).toBe("arraybuffer");
    latest().receive(HANDSHAKE);
    expect([socket.connected, socket.id, log]).toEqual([false, undefined, []]);
    latest().receive('40{"sid":"S"}');
    expect([socket.connected, socket.id, log]).toEqual([true, "S", ["connect"]]);
    expect([socket.status, states, socket.recovered]).toEqual([OPEN, [OPEN], false]);
  });

  test("auth is sent, read anew each time; of a function, the first answer to this connection", () => {
    const hands: ((data: object) => void)[] = [];
    const { socket } = made({ auth: (hand) => void hands.push(hand) });
    latest().receive(HANDSHAKE);
    hands[0]?.({ n: 1 });
    hands[0]?.({ n: 2 });
    expect(latest().sent).toEqual(['40{"n":1}']);
    lose();
    vi.advanceTimersByTime(1000);
    latest().receive(HANDSHAKE);
    hands[0]?.({ n: 3 });
    expect(latest().sent).toEqual([]);
    lose();
    socket.auth = { token: "t" };
    vi.advanceTimersByTime(2000);
    latest().receive(HANDSHAKE);
    expect(latest().sent).toEqual(['40{"token":"t"}']);
  });

  test("refused by middleware: connect_error with the server's data, and no further attempt", () => {
    const { socket, log, states } = made();
    latest().receive(HANDSHAKE, '44{"message":"no","data":{"code":7}}');
    expect(log).toEqual([["no", { code: 7 }]]);
    const closed = { state: "closed", reason: "no", advice: "connect" };
    expect([socket.status, states]).toEqual([closed, [closed]]);
    expect([latest().isClosed, page.listenerCount, vi.getTimerCount()]).toEqual([true, 0, 0]);
    socket.connect();
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("packets of other namespaces are nobody's", () => {
    const { socket, log } = made({}, "https://here.example/chat");
    latest().receive(HANDSHAKE, '40{"sid":"S"}');
    expect(log).toEqual([]);
    latest().receive('40/chat,{"sid":"S"}');
    expect([log, socket.id]).toEqual([["connect"], "S"]);
  });
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

describe("losses", () => {
  test("the WebSocket closes: transport close, and attempts with growing waits", () => {
    const { socket, log, states } = connected();
    const now = Date.now();
    lose();
    expect([log, socket.connected]).toEqual([
      [["transport close", "websocket connection closed"]],
      false,
    ]);
    for (const wait of [1000, 2000, 4000, 5000, 5000]) {
      vi.advanceTimersByTime(wait - 1);
      const before = FakeWebSocket.made.length;
      vi.advanceTimersByTime(1);
      expect(FakeWebSocket.made).toHaveLength(before + 1);
      latest().onerror?.({ message: "refused" });
    }
    expect(log.slice(1)).toEqual(Array(5).fill(["websocket error"]));
    expect(states.slice(0, 4)).toEqual([
      { state: "waiting", attempt: 1, until: now + 1000 },
      { state: "connecting", attempt: 1 },
      { state: "waiting", attempt: 2, until: now + 3000 },
      { state: "connecting", attempt: 2 },
    ]);
    vi.advanceTimersByTime(5000);
    latest().welcome();
    expect([socket.status, log.at(-1)]).toEqual([OPEN, "connect"]);
    lose();
    expect(states.at(-1)).toMatchObject({ state: "waiting", attempt: 1 });
  });

  test("it fails: transport error with what the platform said", () => {
    const { log } = connected();
    latest().onerror?.({ code: 1 });
    expect(log).toEqual([["transport error", { code: 1 }]]);
  });

  test("the server falls silent: ping timeout", () => {
    const { log } = connected();
    vi.advanceTimersByTime(1400);
    latest().receive("2");
    expect(latest().sent.at(-1)).toBe("3");
    vi.advanceTimersByTime(1499);
    expect(log).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(log).toEqual([["ping timeout"]]);
    expect(latest().isClosed).toBe(true);
  });

  test.each(["4nonsense", '42{"no":"event"}', '42["connect"]', "0nonsense", Uint8Array.of(1)])(
    "no packet: %s: parse error",
    (frame) => {
      const { log } = connected();
      latest().receive(frame);
      expect(log).toEqual([["parse error"]]);
    },
  );

  test("the server puts it out: io server disconnect, and no attempt", () => {
    const { socket, log } = connected();
    latest().receive("41");
    expect([log, vi.getTimerCount(), page.listenerCount]).toEqual([
      [["io server disconnect"]],
      0,
      0,
    ]);
    expect(socket.status).toEqual({
      state: "closed",
      reason: "io server disconnect",
      advice: "connect",
    });
  });

  test("disconnect(): io client disconnect, and nothing is left", () => {
    const { socket, log, states } = connected();
    socket.disconnect();
    expect(latest().sent.at(-1)).toBe("41");
    expect([log, latest().isClosed]).toEqual([[["io client disconnect"]], true]);
    expect(states).toEqual([{ state: "closed", reason: "io client disconnect", advice: "none" }]);
    expect([page.listenerCount, vi.getTimerCount()]).toEqual([0, 0]);
    socket.connect();
    latest().welcome();
    socket.disconnect();
    expect(log.slice(1)).toEqual(["connect", ["io client disconnect"]]);
  });

  test("disconnect() while connecting, or waiting, is silent", () => {
    const { socket, log } = made();
    socket.disconnect();
    expect([log, latest().isClosed, vi.getTimerCount()]).toEqual([[], true, 0]);
    socket.connect();
    lose();
    socket.disconnect();
    expect([log.length, vi.getTimerCount(), page.listenerCount]).toEqual([1, 0, 0]);
  });

  test("listeners of a loss may connect at once, or disconnect", () => {
    const { socket } = connected();
    socket.once("disconnect", () => void socket.connect());
    lose();
    expect([socket.status, FakeWebSocket.made.length]).toEqual([
      { state: "connecting", attempt: 0 },
      2,
    ]);
    latest().welcome();
    socket.once("disconnect", () => void socket.disconnect());
    lose();
    expect(socket.status).toMatchObject({ advice: "none" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an attempt takes `timeout` at most", () => {
    const { log } = made({ timeout: 300 });
    vi.advanceTimersByTime(300);
    expect([log, latest().isClosed]).toEqual([[["timeout"]], true]);
    // What comes late is for nobody.
    latest().welcome();
    expect(log).toHaveLength(1);
  });

  test("a WebSocket that cannot be made is a failed attempt", () => {
    vi.stubGlobal(
      "WebSocket",
      class {
        constructor() {
          throw new SyntaxError("no such scheme");
        }
      },
    );
    const { log } = made();
    vi.advanceTimersByTime(0);
    expect(log).toEqual([["websocket error"]]);
  });

  test("after reconnectionAttempts it gives up, and goes on when the page is looked at", () => {
    const { socket, log, states } = connected({ reconnectionAttempts: 2 });
    lose();
    for (let at = 0; at < 2; at++) {
      vi.advanceTimersByTime(5000);
      lose();
    }
    expect(log.slice(1)).toHaveLength(2);
    expect(states.at(-1)).toEqual({
      state: "closed",
      reason: "reconnect failed",
      advice: "connect",
    });
    expect(vi.getTimerCount()).toBe(0);
    page.fire("visibilitychange");
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(socket.connected).toBe(true);
  });

  test("reconnection: false: closed, and nothing is left", () => {
    const { states } = connected({ reconnection: false });
    lose();
    expect(states).toEqual([{ state: "closed", reason: "transport close", advice: "connect" }]);
    expect([page.listenerCount, vi.getTimerCount()]).toEqual([0, 0]);
  });
});

test("recovery: pid and offset are sent, what was missed is delivered before connect", () => {
  const { socket, log } = made({ auth: { token: "t" } });
  latest().welcome({ sid: "S", pid: "P" });
  socket.on("news", (text) => log.push(text));
  latest().receive('42["news","one","offset1"]');
  lose();
  expect(socket.recovered).toBe(false);
  vi.advanceTimersByTime(1000);
  latest().receive(HANDSHAKE);
  expect(latest().sent).toEqual(['40{"pid":"P","offset":"offset1","token":"t"}']);
  latest().receive('42["news","two","offset2"]', '40{"sid":"S","pid":"P"}');
  expect(log.slice(-2)).toEqual(["two", "connect"]);
  expect([socket.recovered, socket.id]).toEqual([true, "S"]);
  lose();
  vi.advanceTimersByTime(1000);
  latest().receive(HANDSHAKE, '40{"sid":"T","pid":"Q"}');
  expect(latest().sent).toEqual(['40{"pid":"P","offset":"offset2","token":"t"}']);
  expect(socket.recovered).toBe(false);
});

describe.each(["online", "visibilitychange", "resume", "pageshow"])("on %s", (event) => {
  test("a connection that is alive stays", () => {
    const { socket, log } = connected();
    page.fire(event, { persisted: false });
    expect([log, socket.connected]).toEqual([[], true]);
  });

  test("one that the server has given up is made anew at once", () => {
    const { log } = connected();
    asleepFor(60_000);
    page.fire(event);
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("a loss before the next ping is followed by one attempt at once, which does not count", () => {
    const { states } = connected();
    page.fire(event);
    lose();
    expect(states.at(-1)).toEqual({ state: "waiting", attempt: 1, until: Date.now() });
    vi.advanceTimersByTime(0);
    lose();
    expect(states.at(-1)).toEqual({ state: "waiting", attempt: 1, until: Date.now() + 1000 });
  });

  test("a loss after the next ping is a loss like any other", () => {
    const { states } = connected();
    page.fire(event);
    latest().receive("2");
    lose();
    expect(states.at(-1)).toMatchObject({ until: Date.now() + 1000 });
  });

  test("attempts are a second apart, however often it comes, and use up none", () => {
    const { states } = connected({ reconnectionAttempts: 2, reconnectionDelay: 5000 });
    lose();
    for (let at = 0; at < 10; at++) {
      page.fire(event);
      page.fire(event);
      vi.advanceTimersByTime(999);
      page.fire(event);
      expect(FakeWebSocket.made).toHaveLength(at + 2);
      lose();
      expect(states.at(-1)).toMatchObject({ state: "waiting", attempt: 1 });
      vi.advanceTimersByTime(1);
    }
  });

  test("an attempt that was begun before the sleep is made anew", () => {
    made();
    page.fire(event);
    expect(FakeWebSocket.made).toHaveLength(1);
    const [stale] = FakeWebSocket.made;
    asleepFor(6000);
    page.fire(event);
    expect([FakeWebSocket.made.length, stale?.isClosed]).toEqual([2, true]);
  });
});

describe("the page", () => {
  test("hidden: a visibilitychange is none to wake for", () => {
    const { states } = connected();
    page.document.hidden = true;
    asleepFor(60_000);
    page.fire("visibilitychange");
    expect(states).toEqual([]);
  });

  test("offline: the connection is lost, and comes back with the network", () => {
    const { log, states } = connected();
    page.fire("offline");
    expect(log).toEqual([["transport close", "network connection lost"]]);
    page.fire("offline");
    expect(states).toHaveLength(1);
    vi.advanceTimersByTime(10);
    page.fire("online");
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("offline is nothing to a server on localhost", () => {
    const { log } = made({}, "http://localhost:3000");
    latest().welcome();
    page.fire("offline");
    expect(log).toEqual(["connect"]);
  });

  test("goes into the back-forward cache: closed silently, and connected anew when it is back", () => {
    const { socket, log } = connected();
    page.fire("pagehide", { persisted: true });
    expect([latest().isClosed, log]).toEqual([true, []]);
    socket.emit("kept");
    page.fire("pageshow", { persisted: true });
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(latest().sent).toEqual(["40", '42["kept"]']);
  });

  test("is left for good: nothing, the browser ends it", () => {
    connected();
    page.fire("pagehide", { persisted: false });
    expect(latest().isClosed).toBe(false);
  });

  test("the browser has cut the connections of a cached page", () => {
    const { log } = connected();
    page.fire("pageshow", { persisted: true });
    expect(log).toEqual([["transport close", "network connection lost"]]);
  });

  test("an event emitted after the sleep waits for the next connection", () => {
    const { socket, log } = connected();
    asleepFor(60_000);
    socket.emit("kept");
    expect(latest().sent).toEqual(["40"]);
    vi.advanceTimersByTime(0);
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(1000);
    latest().welcome();
    expect(latest().sent).toEqual(["40", '42["kept"]']);
  });
});

test("onStatus returns what ends it", () => {
  const socket = connect("https://here.example", { autoConnect: false });
  const seen = vi.fn();
  const stop = socket.onStatus(seen);
  socket.connect();
  stop();
  socket.disconnect();
  expect(seen.mock.calls).toEqual([[{ state: "connecting", attempt: 0 }]]);
});
