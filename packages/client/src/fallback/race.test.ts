// Which transport a session comes by when nobody has asked for an order, with fake transports and a fake clock.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakePlatform, handshake, racingPlatform } from "../../testing/fake-transport.ts";
import type { EngineOptions } from "../options.ts";
import { transportError } from "../transports/transport.ts";
import { Engine } from "../engine/engine.ts";

const FAILURE = transportError("websocket error");
const HANDSHAKE = handshake({ upgrades: ["websocket"] });

let platform: FakePlatform;

beforeEach(() => {
  vi.useFakeTimers();
  platform = racingPlatform();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(options: EngineOptions = {}): { engine: Engine; log: string[] } {
  const engine = new Engine({ hostname: "here", port: "80", ...options }, platform);
  const log: string[] = [];
  engine.on("open", () => log.push(`open ${engine.transport?.name}`));
  engine.on("error", (error: Error) => log.push(`error ${error.message}`));
  engine.on("close", (reason: string) => log.push(`close ${reason}`));
  engine.open();
  return { engine, log };
}

/** The transports made since the last time this was asked, by name. */
function runners(): Record<string, FakePlatform["made"][number]> {
  const made = platform.made.splice(0);
  return Object.fromEntries(made.map((transport) => [transport.name, transport]));
}

test("a WebSocket sets off first; answered within its lead it has the session alone", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(99);
  websocket!.receive(HANDSHAKE);
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(["open websocket"]);
  expect(polling!.calls).toEqual([]);
});

test("polling sets off after 100 ms; the first that is answered is taken, the other one ended", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  expect([websocket!.calls, polling!.calls]).toEqual([["open"], ["open"]]);
  polling!.receive(HANDSHAKE);
  expect(websocket!.calls).toEqual(["open", "close"]);
  websocket!.receive(HANDSHAKE);
  expect(log).toEqual(["open polling"]);
});

test("the WebSocket may still win when polling has set off", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  websocket!.receive(HANDSHAKE);
  expect(polling!.calls).toEqual(["open", "close"]);
  expect(log).toEqual(["open websocket"]);
});

test("a WebSocket that fails loses its lead at once", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  websocket!.sink.onError(FAILURE);
  expect(polling!.calls).toEqual(["open"]);
  vi.advanceTimersByTime(100);
  expect(polling!.calls).toEqual(["open"]);
  polling!.receive(HANDSHAKE);
  expect(log).toEqual(["open polling"]);
});

test("when polling fails, the WebSocket is waited for", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  polling!.sink.onError(transportError("xhr poll error"));
  expect(log).toEqual([]);
  websocket!.receive(HANDSHAKE);
  expect(log).toEqual(["open websocket"]);
});

test("but not for longer than a second: what polling was told is the error then", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  polling!.sink.onError(transportError("xhr poll error"));
  vi.advanceTimersByTime(999);
  expect(log).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(websocket!.calls).toContain("close");
  expect(log).toEqual(["error xhr poll error", "close transport error"]);
});

test("a WebSocket that wins within that second keeps the session", () => {
  const { engine, log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  polling!.sink.onError(transportError("xhr poll error"));
  websocket!.receive(HANDSHAKE);
  vi.advanceTimersByTime(1200);
  expect(log).toEqual(["open websocket"]);
  expect(engine.readyState).toBe("open");
});

test("polling is waited for without a limit of its own when the WebSocket has failed", () => {
  const { log } = open();
  const { websocket, polling } = runners();
  vi.advanceTimersByTime(100);
  websocket!.sink.onError(FAILURE);
  vi.advanceTimersByTime(5000);
  expect(log).toEqual([]);
  polling!.receive(HANDSHAKE);
  expect(log).toEqual(["open polling"]);
});

test.each([
  ["polling", "websocket"],
  ["websocket", "polling"],
])("when both fail, %s first, the failure of polling is told", (earlier, later) => {
  const { log } = open();
  const both = runners();
  vi.advanceTimersByTime(100);
  both[earlier]!.sink.onError(transportError(`${earlier} failed`));
  both[later]!.sink.onError(transportError(`${later} failed`));
  expect(log).toEqual(["error polling failed", "close transport error"]);
});

test("when both fail, the failure is told once", () => {
  const { engine, log } = open({ tryAllTransports: true });
  const { websocket, polling } = runners();
  websocket!.sink.onError(FAILURE);
  polling!.sink.onError(transportError("xhr poll error"));
  expect(log).toEqual(["error xhr poll error", "close transport error"]);
  expect(engine.transport?.name).toBe("polling");
  expect(platform.made).toEqual([]);
});

test("closing ends both, and nothing sets off afterwards", () => {
  const { engine, log } = open();
  const { websocket, polling } = runners();
  engine.close();
  vi.advanceTimersByTime(1000);
  expect(websocket!.calls).toContain("close");
  expect(polling!.calls).not.toContain("open");
  expect(log).toEqual(["close forced close"]);
});

test("what carried the last session with a host is remembered: polling goes first where it had to", () => {
  open();
  const first = runners();
  vi.advanceTimersByTime(100);
  first["polling"]!.receive(handshake());
  open();
  expect(Object.keys(runners())).toEqual(["polling"]);
  open({ hostname: "elsewhere" });
  expect(Object.keys(runners())).toEqual(["websocket", "polling"]);
});

test("where a WebSocket has worked, polling is tried after a second only", () => {
  open();
  runners()["websocket"]!.receive(HANDSHAKE);
  open();
  const { polling } = runners();
  vi.advanceTimersByTime(999);
  expect(polling!.calls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(polling!.calls).toEqual(["open"]);
});

test.each<[string, EngineOptions]>([
  ["transports", { transports: ["polling", "websocket"] }],
  ["no upgrade", { upgrade: false }],
  ["headers", { extraHeaders: { a: "b" } }],
  ["credentials", { withCredentials: true }],
  ["options of polling", { transportOptions: { polling: { extraHeaders: {} } } }],
])("who asks for %s gets polling first, as with Socket.IO", (_, options) => {
  open(options);
  expect(Object.keys(runners())).toEqual(["polling"]);
});
