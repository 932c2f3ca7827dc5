// The session of the client that has WebSocket only, on a WebSocket whose other end is the test.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePage, HANDSHAKE, latest, stubPage } from "../../testing/fake-web-socket.ts";
import type { EngineOptions } from "../options.ts";
import type { SessionHandler } from "./session.ts";
import { webSocketSession } from "./web-socket-session.ts";

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What its handler is told, in order. */
function recorder(log: unknown[]): SessionHandler {
  return {
    onopen: () => void log.push("open"),
    onupgrade: () => void log.push("upgrade"),
    onmessage: (data) => void log.push(["message", data]),
    onping: () => void log.push("ping"),
    onclose(reason, details) {
      log.push(["close", reason, details instanceof Error ? details.message : details]);
    },
  };
}

function open(options: EngineOptions = {}) {
  const session = webSocketSession({ hostname: "here", port: "", path: "/p", ...options });
  const log: unknown[] = [];
  session.handler = recorder(log);
  session.open();
  return { session, log, socket: latest() };
}

function opened(options?: EngineOptions) {
  const all = open(options);
  all.socket.receive(HANDSHAKE);
  all.log.length = 0;
  return all;
}

test("CL130 is its own transport, open with the handshake", () => {
  const { session, log, socket } = open();
  expect([socket.binaryType, session.transport.name]).toEqual(["arraybuffer", "websocket"]);
  expect([session.readyState, session.id, session.transport.writable]).toEqual([
    "opening",
    undefined,
    false,
  ]);
  socket.receive(HANDSHAKE);
  expect([session.readyState, session.id, session.transport.writable]).toEqual(["open", "E", true]);
  expect(log).toEqual(["open"]);
});

test("CL130 text and bytes, both ways", () => {
  const { session, log, socket } = opened();
  const bytes = Uint8Array.from([1]);
  session.send("2text");
  session.send(bytes);
  expect(socket.sent).toEqual(["42text", bytes]);
  socket.receive("42text", bytes);
  expect(log).toEqual([
    ["message", "2text"],
    ["message", bytes],
  ]);
});

test("CL130 is writable again in the next microtask", async () => {
  const { session } = opened();
  session.send("first");
  expect(session.writable).toBe(false);
  await Promise.resolve();
  expect(session.writable).toBe(true);
  session.send("last");
  session.close();
  await Promise.resolve();
  expect(session.writable).toBe(false);
});

test("CL130 tells how much has not left this machine", () => {
  const { session, socket } = opened();
  Object.assign(socket, { bufferedAmount: 7 });
  expect(session.bufferedAmount).toBe(7);
});

test("CL26 nothing is heard of it when it is closed, and nothing is sent", () => {
  const { session, log, socket } = opened();
  session.close();
  expect([session.readyState, session.id, socket.isClosed]).toEqual(["closed", undefined, true]);
  session.send("too late");
  socket.receive("4late", "2", HANDSHAKE);
  socket.onclose?.({});
  socket.onerror?.({});
  session.close();
  vi.advanceTimersByTime(60_000);
  expect([socket.sent, log]).toEqual([[], [["close", "forced close", undefined]]]);
  expect([session.readyState, vi.getTimerCount()]).toEqual(["closed", 0]);
});

test("the WebSocket ends, or fails", () => {
  const ended = opened();
  ended.socket.onclose?.({ code: 1005 });
  expect(ended.log).toEqual([
    [
      "close",
      "transport close",
      { description: "websocket connection closed", context: { code: 1005 } },
    ],
  ]);
  const failed = open();
  failed.socket.onerror?.({});
  expect(failed.log).toEqual([["close", "transport error", "websocket error"]]);
});

test("a WebSocket that cannot be made is an error, as soon as there may be listeners", async () => {
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor() {
        throw new SyntaxError("no such scheme");
      }
    },
  );
  const session = webSocketSession({ hostname: "here", path: "/p" });
  const log: unknown[] = [];
  session.open();
  session.handler = recorder(log);
  await Promise.resolve();
  expect(log).toEqual([["close", "transport error", "websocket error"]]);
});

test.each(["0", "0null", "0{", "4", "x"])(
  "a server that begins with %j does not open it",
  (frame) => {
    const { session, socket } = open();
    socket.receive(frame);
    expect(session.readyState).not.toBe("open");
  },
);

describe("the heartbeat", () => {
  test("CL20 a ping is answered, and puts the end off", () => {
    const { log, socket } = opened();
    vi.advanceTimersByTime(1400);
    socket.receive("2");
    vi.advanceTimersByTime(1400);
    expect([socket.sent, log]).toEqual([["3"], ["ping"]]);
    vi.advanceTimersByTime(100);
    expect(log.at(-1)).toEqual(["close", "ping timeout", undefined]);
  });

  test("CL20 one that is overdue by the wall clock ends it, in the next microtask or with the page", async () => {
    const asked = opened();
    vi.setSystemTime(Date.now() + 2000);
    expect([asked.session.hasPingExpired(), asked.log]).toEqual([true, []]);
    await Promise.resolve();
    expect(asked.log).toEqual([["close", "ping timeout", undefined]]);
    const seen = opened();
    vi.setSystemTime(Date.now() + 2000);
    seen.session.onPage({ type: "pageshow" });
    await Promise.resolve();
    expect(seen.log).toEqual([["close", "ping timeout", undefined]]);
  });
});

describe("the page", () => {
  const GONE = [["close", "transport close", { description: "network connection lost" }]];

  test.each([{ type: "offline" }, { type: "pageshow", persisted: true }])("%o ends it", (event) => {
    const { session, log } = opened();
    session.onPage(event);
    expect(log).toEqual(GONE);
  });

  test("offline is nothing to a server on localhost; other events are nothing at all", () => {
    const { session, log } = opened({ hostname: "localhost" });
    for (const type of ["offline", "online", "resume", "pageshow"]) session.onPage({ type });
    expect([log, page.listenerCount]).toEqual([[], 0]);
  });
});
