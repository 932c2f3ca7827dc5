// The session of the client that has WebSocket only, on a WebSocket whose other end is the test.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeWebSocket, HANDSHAKE, latest, stubPage } from "../../testing/fake-web-socket.ts";
import type { EngineOptions } from "../options.ts";
import { WebSocketEngine } from "./websocket-engine.ts";

beforeEach(() => {
  stubPage();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function open(options: EngineOptions = {}) {
  const engine = new WebSocketEngine({ hostname: "here", path: "/p", ...options });
  const log: unknown[] = [];
  for (const event of ["open", "drain", "message", "error", "close"]) {
    engine.on(event, (first?: unknown) => {
      log.push([event, first instanceof Error ? first.message : first]);
    });
  }
  engine.open();
  const socket = latest() as FakeWebSocket & { onopen?: () => void };
  return { engine, log, socket };
}

test("CL130 is its own transport", async () => {
  const { engine, log, socket } = open();
  expect([socket.url, engine.transport.name]).toEqual([
    "ws://here/p/?EIO=4&transport=websocket",
    "websocket",
  ]);
  engine.binaryType = "blob";
  socket.onopen?.();
  expect([socket.binaryType, engine.transport.writable]).toEqual(["blob", true]);
  engine.send("early");
  expect(socket.sent).toEqual([]);
  socket.receive(HANDSHAKE, "4hello");
  expect([socket.sent, engine.transport.writable, engine.writeBuffer.length]).toEqual([
    ["4early"],
    false,
    1,
  ]);
  engine.send("next");
  await Promise.resolve();
  expect([socket.sent, engine.writeBuffer.length]).toEqual([["4early", "4next"], 1]);
  await Promise.resolve();
  expect(engine.writeBuffer).toEqual([]);
  expect(log).toEqual([
    ["open", undefined],
    ["message", "hello"],
    ["drain", undefined],
  ]);
});

test("CL130 tells how much has not left this machine, while it is open", () => {
  const { engine, socket } = open();
  Object.assign(socket, { bufferedAmount: 7 });
  expect(engine.transport.bufferedAmount).toBe(7);
  engine.close();
  expect(engine.transport.bufferedAmount).toBeUndefined();
});

test("CL26 nothing is heard of it when it is closed, and nothing is sent", async () => {
  const { engine, log, socket } = open();
  socket.onopen?.();
  socket.receive(HANDSHAKE);
  engine.send("last");
  engine.close();
  expect([engine.readyState, socket.isClosed]).toEqual(["closing", false]);
  await Promise.resolve();
  expect([engine.readyState, socket.isClosed]).toEqual(["closed", true]);
  engine.send("too late");
  socket.receive("4late");
  socket.onclose?.({});
  socket.onerror?.({});
  await Promise.resolve();
  expect([socket.sent, engine.transport.writable]).toEqual([["4last"], false]);
  expect(log).toEqual([
    ["open", undefined],
    ["drain", undefined],
    ["close", "forced close"],
  ]);
});

test("the WebSocket ends, or fails", () => {
  const ended = open();
  ended.socket.receive(HANDSHAKE);
  ended.socket.onclose?.({});
  expect(ended.log.slice(1)).toEqual([["close", "transport close"]]);
  const failed = open();
  failed.socket.onerror?.({});
  expect(failed.log).toEqual([
    ["error", "websocket error"],
    ["close", "transport error"],
  ]);
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
  const engine = new WebSocketEngine({ hostname: "here", path: "/p" });
  const errors: unknown[] = [];
  engine.open();
  engine.on("error", (error) => errors.push(error));
  await Promise.resolve();
  expect(errors).toMatchObject([{ message: "websocket error", type: "TransportError" }]);
});
