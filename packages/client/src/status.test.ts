// The status of managers and sockets as applications see it, with fake transports and a fake clock.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { Status } from "./status.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const platform = fakePlatform("websocket");
  const options = { autoConnect: false, randomizationFactor: 0 };
  const manager = new Manager("http://here", options, platform);
  const log: [string, Status][] = [];
  manager.on("status", (status: Status) => void log.push(["manager", status]));
  const socket = manager.socket("/");
  const stop = socket.onStatus((status) => void log.push(["socket", status]));
  /** What was notified since this was last asked. */
  const notified = (of: string): Status[] => {
    const found = log.filter(([who]) => who === of).map(([, status]) => status);
    log.splice(0, log.length, ...log.filter(([who]) => who !== of));
    return found;
  };
  return { manager, socket, stop, notified, latest: () => platform.made.at(-1)! };
}

const open: Status = { state: "open", transport: "websocket" };
const waiting: Status = { state: "waiting", attempt: 1, until: 1_001_000 };

test("CL39 a manager's status, and the event for each new one", () => {
  const { manager, notified, latest } = start();
  expect(manager.status).toEqual({ state: "idle" });
  manager.open();
  latest().receive(handshake());
  latest().sink.onClose({ description: "gone" });
  expect(manager.status).toEqual(waiting);
  vi.advanceTimersByTime(1000);
  manager.close();
  expect(notified("manager")).toEqual([
    { state: "connecting", attempt: 0 },
    open,
    waiting,
    { state: "connecting", attempt: 1 },
    { state: "closed", reason: "forced close", advice: "none" },
  ]);
});

test("CL39 a socket is open when it has joined its namespace, and follows its manager until then", () => {
  const { socket, notified, latest } = start();
  expect(socket.status).toEqual({ state: "idle" });
  socket.connect();
  latest().receive(handshake());
  expect(notified("socket")).toEqual([{ state: "connecting", attempt: 0 }]);
  latest().receive('40{"sid":"S"}');
  expect(notified("socket")).toEqual([open]);
  latest().sink.onClose({ description: "gone" });
  vi.advanceTimersByTime(1000);
  expect(notified("socket")).toEqual([waiting, { state: "connecting", attempt: 1 }]);
});

test.each([
  ["disconnects", "io client disconnect", "none"],
  ["is put out by the server", "io server disconnect", "connect"],
  ["is refused", "not you", "connect"],
])("CL39 a socket that %s is closed: %s, advice %s", (how, reason, advice) => {
  const { socket, notified, latest } = start();
  socket.connect();
  latest().receive(handshake());
  if (how !== "is refused") latest().receive('40{"sid":"S"}');
  notified("socket");
  if (how === "disconnects") socket.disconnect();
  else latest().receive(how === "is refused" ? '44{"message":"not you"}' : "41");
  expect(socket.status).toEqual({ state: "closed", reason, advice });
  expect(notified("socket")).toEqual([socket.status]);
});

test("CL39 what `onStatus` returns ends it", () => {
  const { socket, stop, notified } = start();
  stop();
  socket.connect();
  expect(notified("socket")).toEqual([]);
});
