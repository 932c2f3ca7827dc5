// What a manager does when the network, the page or the machine comes back.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { ManagerOptions } from "./options.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connected(options: ManagerOptions = {}) {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", options, platform);
  const log: string[] = [];
  for (const event of ["open", "close", "reconnect_attempt", "reconnect"]) {
    manager.on(event, (value: unknown) => void log.push(`${event} ${value}`));
  }
  manager.open();
  const latest = () => platform.made.at(-1)!;
  latest().receive(handshake());
  log.length = 0;
  return { platform, manager, log, latest };
}

/** The wall clock goes on, the timers do not: what a machine that sleeps looks like from inside. */
function asleepFor(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe.each(["online", "visibilitychange", "resume", "pageshow"])("on %s", (event) => {
  test("CL40 a connection that is alive stays", () => {
    const { platform, manager, log } = connected();
    platform.fire(event, { persisted: false });
    expect(log).toEqual([]);
    expect(manager._readyState).toBe("open");
  });

  test("CL40 one that the server has given up is made anew at once", () => {
    const { platform, log, latest } = connected();
    asleepFor(60_000);
    platform.fire(event);
    expect(log).toEqual(["close ping timeout", "reconnect_attempt 1"]);
    latest().receive(handshake());
    expect(log.slice(2)).toEqual(["open undefined", "reconnect 1"]);
    expect(platform.made).toHaveLength(2);
  });

  test("CL41 a loss that shows before the next ping is followed by one attempt at once", () => {
    const { platform, log, latest } = connected({ randomizationFactor: 0 });
    platform.fire(event);
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(0);
    expect(log).toEqual(["close transport close", "reconnect_attempt 1"]);
    latest().sink.onClose({ description: "gone" });
    // That attempt does not count.
    vi.advanceTimersByTime(999);
    expect(log).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(log.slice(2)).toEqual(["reconnect_attempt 1"]);
  });

  test("CL41 a loss after the next ping is a loss like any other", () => {
    const { platform, log, latest } = connected({ randomizationFactor: 0 });
    platform.fire(event);
    latest().receive("2");
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(999);
    expect(log).toEqual(["close transport close"]);
    vi.advanceTimersByTime(1);
    expect(log.at(-1)).toBe("reconnect_attempt 1");
  });

  test("CL42, CL43 an attempt that is waited for is made at once, and only once", () => {
    const { platform, log, latest } = connected({ reconnectionDelay: 5000 });
    latest().sink.onClose({ description: "gone" });
    expect(log).toEqual(["close transport close"]);
    platform.fire(event);
    platform.fire(event);
    vi.advanceTimersByTime(5000);
    expect(log).toEqual(["close transport close", "reconnect_attempt 1"]);
    expect(platform.made).toHaveLength(2);
  });
});

test("CL47 a page from the back-forward cache connects anew, because its connections were cut", () => {
  const { platform, manager, log } = connected();
  const socket = manager.socket("/");
  platform.fire("pageshow", { persisted: true });
  expect(socket.connected).toBe(false);
  expect(log).toEqual(["close transport close", "reconnect_attempt 1"]);
});

test("CL81 so does one that has closed its connection when it was left", () => {
  const { platform, manager, log, latest } = connected({ closeOnBeforeunload: true });
  const socket = manager.socket("/");
  latest().receive('40{"sid":"S"}');
  const disconnected = vi.fn();
  socket.on("disconnect", disconnected);
  platform.fire("pagehide");
  expect(latest().calls).toEqual(["open", "close"]);
  expect(disconnected).not.toHaveBeenCalled();
  platform.fire("pageshow", { persisted: true });
  expect(disconnected).toHaveBeenCalledOnce();
  expect(socket.connected).toBe(false);
  expect(log).toEqual(["close ping timeout", "reconnect_attempt 1"]);
});

test("CL81 and one that nobody tells that it has come back: with the next heartbeat, or the next event", async () => {
  const quiet = connected({ closeOnBeforeunload: true });
  quiet.platform.fire("pagehide");
  vi.advanceTimersByTime(1500);
  expect(quiet.log.slice(0, 1)).toEqual(["close ping timeout"]);

  const busy = connected({ closeOnBeforeunload: true });
  const socket = busy.manager.socket("/");
  busy.latest().receive('40{"sid":"S"}');
  busy.platform.fire("pagehide");
  socket.emit("x");
  expect(socket.sendBuffer).toHaveLength(1);
  await Promise.resolve();
  expect(busy.log).toEqual(["close ping timeout"]);
});

test("CL46 offline: the connection is lost, and the back-off is waited for until the network is back", () => {
  const { platform, log } = connected();
  platform.fire("offline");
  expect(log).toEqual(["close transport close"]);
  platform.fire("offline");
  expect(log).toEqual(["close transport close"]);
  platform.fire("online");
  expect(log).toEqual(["close transport close", "reconnect_attempt 1"]);
});

test("CL46 offline before the handshake is over: the attempt has failed", () => {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { reconnection: false }, platform);
  const errors: string[] = [];
  manager.on("error", (error: Error) => void errors.push(error.message));
  manager.open();
  manager.engine?.onPage({ type: "offline" });
  expect(errors).toEqual(["transport close"]);
});

test("CL48 nothing is listened to when nothing is under way", () => {
  const { platform, manager, log } = connected();
  manager.close();
  log.length = 0;
  platform.fire("online");
  platform.fire("pageshow", { persisted: true });
  expect(log).toEqual([]);
  expect(platform.listeners.size).toBe(0);
});
