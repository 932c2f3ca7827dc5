// How often a manager may try because its page is looked at, and that it never stops listening.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { ManagerOptions } from "./options.ts";
import type { Status } from "./status.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function started(options: ManagerOptions = {}) {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { randomizationFactor: 0, ...options }, platform);
  const statuses: Status[] = [];
  const failed = vi.fn();
  manager.on("status", (status: Status) => void statuses.push(status));
  manager.on("reconnect_failed", failed);
  manager.open();
  const latest = () => platform.made.at(-1)!;
  /** The attempt under way fails, as without a network. */
  const fail = (): void => latest().sink.onClose({ description: "gone" });
  /** The user looks at the page ten times a second; what comes of it fails at once. Returns the number of attempts. */
  const look = (seconds: number): number => {
    const before = platform.made.length;
    for (let time = 0; time < seconds * 10; time++) {
      platform.fire("visibilitychange");
      vi.advanceTimersByTime(100);
      if (manager.status.state === "connecting") fail();
    }
    return platform.made.length - before;
  };
  return { platform, manager, statuses, failed, latest, fail, look };
}

/** The wall clock goes on, the timers do not: what a machine that sleeps looks like from inside. */
function asleepFor(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe("looking at a page without network", () => {
  test("CL42 makes at most one attempt each second", () => {
    const { latest, fail, look } = started({ reconnectionDelay: 60_000 });
    latest().receive(handshake());
    fail();
    // One at once, and one each second.
    expect(look(10)).toBe(1 + 10);
  });

  test("CL42 uses up no attempts", () => {
    const { failed, fail, latest, look, manager } = started({
      reconnectionAttempts: 4,
      reconnectionDelay: 60_000,
    });
    latest().receive(handshake());
    fail();
    look(20);
    expect(failed).not.toHaveBeenCalled();
    expect(manager.status).toMatchObject({ state: "waiting", attempt: 1 });
  });

  test("CL42, CL45 makes attempts a second apart also when none are left", () => {
    const { fail, failed, look, manager } = started();
    // As an option, 0 would mean that there is no limit.
    manager.reconnectionAttempts(0);
    fail();
    expect(failed).toHaveBeenCalledOnce();
    expect(look(10)).toBe(10);
  });
});

describe.each(["online", "visibilitychange", "resume", "pageshow"])("on %s", (event) => {
  test("CL45 a manager that has used up its attempts begins anew", () => {
    const { failed, fail, latest, manager, platform } = started({ reconnectionAttempts: 2 });
    fail();
    for (let attempt = 1; attempt <= 2; attempt++) {
      vi.advanceTimersByTime(5000);
      fail();
    }
    expect(failed).toHaveBeenCalledOnce();
    expect(manager.status).toEqual({
      state: "closed",
      reason: "reconnect failed",
      advice: "connect",
    });
    vi.advanceTimersByTime(60_000);
    const before = platform.made.length;
    platform.fire(event);
    vi.advanceTimersByTime(0);
    expect(platform.made.length).toBe(before + 1);
    latest().receive(handshake());
    expect(manager.status).toEqual({ state: "open", transport: "websocket" });
  });

  test("CL44 an attempt that was begun before a sleep is made anew", () => {
    const { manager, platform } = started();
    asleepFor(10_000);
    platform.fire(event);
    expect(platform.made.length).toBe(2);
    expect(platform.made[0]?.calls).toContain("close");
    expect(manager.status).toEqual({ state: "connecting", attempt: 0 });
  });

  test("CL44 an attempt that has just begun goes on", () => {
    const { platform } = started();
    vi.advanceTimersByTime(100);
    platform.fire(event);
    vi.advanceTimersByTime(0);
    expect(platform.made.length).toBe(1);
  });

  test.each([
    ["without reconnection", { reconnection: false }],
    ["that the application has closed", { reconnection: true }],
  ])("CL33, CL48 a manager %s stays closed", (_, options) => {
    const { fail, manager, platform } = started(options);
    if (!options.reconnection) fail();
    else manager.close();
    platform.fire(event);
    vi.advanceTimersByTime(60_000);
    expect(platform.made.length).toBe(1);
    expect(manager.status.state).toBe("closed");
  });
});

test("CL39, CL40 the status is true as soon as a page hears that it has slept, before any timer", () => {
  const { latest, manager, platform, statuses } = started();
  latest().receive(handshake());
  asleepFor(60_000);
  platform.fire("visibilitychange");
  expect(statuses.at(-1)?.state).toBe("connecting");
  latest().receive(handshake());
  expect(manager.status.state).toBe("open");
});
