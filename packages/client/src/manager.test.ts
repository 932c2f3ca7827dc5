// The manager's states, with fake transports and a fake clock; and its sockets as far as they hang on it.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { ManagerOptions } from "./options.ts";
import { transportError } from "./transports/transport.ts";

beforeEach(() => {
  vi.useFakeTimers();
  // The middle of the range of every wait.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const EVENTS = [
  ...["open", "error", "close", "reconnect_attempt", "reconnect", "reconnect_error"],
  "reconnect_failed",
];

function start(options: ManagerOptions = {}, platform: FakePlatform = fakePlatform("websocket")) {
  const manager = new Manager("http://here", options, platform);
  const log: string[] = [];
  for (const event of EVENTS) {
    manager.on(event, (value?: unknown) => {
      const shown = value instanceof Error ? value.message : value;
      log.push(shown === undefined ? event : `${event} ${shown}`);
    });
  }
  return { manager, log, platform, latest: () => platform.made[platform.made.length - 1]! };
}

const lost = transportError("websocket error");

describe("reconnecting", () => {
  test("CL31, CL36 begins after the first failure, waits longer each time, ends with success", () => {
    const { manager, log, platform, latest } = start();
    manager.open();
    latest().sink.onError(lost);
    expect(manager._readyState).toBe("closed");
    for (const wait of [1000, 2000, 3500, 3750]) {
      const before = platform.made.length;
      vi.advanceTimersByTime(wait - 1);
      expect(platform.made).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(platform.made).toHaveLength(before + 1);
      if (wait < 3750) latest().sink.onError(lost);
    }
    log.length = 0;
    latest().receive(handshake());
    expect(log).toEqual(["open", "reconnect 4"]);
  });

  test("CL32 begins anew with the shortest wait after a connection that worked", () => {
    const { manager, platform, latest } = start();
    manager.open();
    latest().receive(handshake());
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(1000);
    latest().receive(handshake());
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(999);
    expect(platform.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(platform.made).toHaveLength(3);
  });

  test("CL32 gives up after the last attempt", () => {
    const { manager, log, latest } = start({ reconnectionAttempts: 1 });
    manager.open();
    latest().sink.onError(lost);
    vi.advanceTimersByTime(1000);
    latest().sink.onError(lost);
    expect(log).toEqual([
      ...["error websocket error", "reconnect_attempt 1", "error websocket error"],
      ...["reconnect_failed", "reconnect_error websocket error"],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("CL33 does not follow a connection that was closed, or asked for with a callback", () => {
    const closed = start();
    closed.manager.open();
    closed.latest().receive(handshake());
    closed.manager.close();
    expect(closed.log).toEqual(["open", "close forced close"]);

    const errors: unknown[] = [];
    const { manager, latest } = start();
    manager.open((error) => errors.push(error));
    latest().sink.onError(lost);
    expect(errors).toEqual([lost]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("CL38 is switched off while it waits, or between", () => {
    const { manager, log, latest } = start();
    manager.open();
    latest().sink.onError(lost);
    manager.reconnection(false);
    vi.advanceTimersByTime(60_000);
    expect(log).toEqual(["error websocket error"]);
  });

  test("CL43 happens at once when the page comes back online", () => {
    const { manager, log, platform, latest } = start();
    manager.open();
    latest().sink.onError(lost);
    platform.fire("online");
    expect(log).toEqual(["error websocket error", "reconnect_attempt 1"]);
    vi.advanceTimersByTime(999);
    platform.fire("online");
    expect(platform.made).toHaveLength(2);
    // What was begun before the network changed may never be answered.
    vi.advanceTimersByTime(1);
    platform.fire("online");
    expect(platform.made).toHaveLength(3);
    expect(log).toHaveLength(2);
  });

  test("CL37 a listener that connects by itself makes no attempt that is counted", () => {
    const { manager, log, latest } = start();
    manager.on("close", () => manager.open());
    manager.open();
    latest().receive(handshake());
    latest().sink.onClose({ description: "gone" });
    log.length = 0;
    latest().receive(handshake());
    expect(log).toEqual(["open"]);
  });

  test("CL37 a listener that closes during an attempt is obeyed", () => {
    const { manager, platform, latest } = start();
    manager.on("reconnect_attempt", () => manager.close());
    manager.open();
    latest().sink.onError(lost);
    vi.advanceTimersByTime(60_000);
    expect(platform.made).toHaveLength(1);
  });

  test("CL37 a listener that closes on an error of the transport is obeyed", () => {
    const { manager, log, platform, latest } = start();
    const socket = manager.socket("/");
    const reasons: unknown[] = [];
    socket.on("disconnect", (reason) => reasons.push(reason));
    manager.on("error", () => manager.close());
    latest().receive(handshake());
    latest().receive('40{"sid":"main"}');
    latest().sink.onError(lost);
    vi.advanceTimersByTime(60_000);
    expect(log).toEqual(["open", "error websocket error", "close forced close"]);
    expect(reasons).toEqual(["forced close"]);
    expect(platform.made).toHaveLength(1);
  });

  test("CL30 opening changes nothing while it is connecting or open", () => {
    const { manager, log, platform, latest } = start();
    manager.open();
    manager.open();
    latest().receive(handshake());
    manager.open();
    expect(platform.made).toHaveLength(1);
    expect(log).toEqual(["open"]);
  });

  test("CL34 options are read anew for every connection", () => {
    const { manager, latest } = start();
    manager.open();
    latest().sink.onError(lost);
    manager.opts.query = { token: "new" };
    vi.advanceTimersByTime(1000);
    expect(latest().setup.url("ws")).toContain("token=new");
  });
});

describe("one attempt", () => {
  test("CL35 may take as long as `timeout` says", () => {
    const { manager, log, latest } = start({ timeout: 50, reconnection: false });
    manager.open();
    vi.advanceTimersByTime(50);
    expect(log).toEqual(["error timeout"]);
    expect(latest().calls).toEqual(["open", "close"]);
    latest().receive(handshake());
    expect(log).toEqual(["error timeout"]);
  });

  test("CL35 has no limit with `timeout: false`", () => {
    const { manager, log } = start({ timeout: false });
    manager.open();
    vi.advanceTimersByTime(10_000_000);
    expect(log).toEqual([]);
  });

  test("CL35 that is closed before the handshake has failed", () => {
    const { manager, log, latest } = start({ reconnection: false });
    manager.open();
    latest().sink.onClose({ description: "websocket connection closed" });
    expect(log).toEqual(["error transport close"]);
  });
});

describe("settings", () => {
  test("CL5 have Socket.IO's defaults; zero means the default, but for the factor", () => {
    const { manager } = start({
      reconnectionAttempts: 0,
      reconnectionDelay: 0,
      reconnectionDelayMax: 0,
      randomizationFactor: 0,
    });
    expect(manager.reconnection()).toBe(true);
    expect(manager.reconnectionAttempts()).toBe(Number.POSITIVE_INFINITY);
    expect(manager.reconnectionDelay()).toBe(1000);
    expect(manager.reconnectionDelayMax()).toBe(5000);
    expect(manager.randomizationFactor()).toBe(0);
    expect(manager.timeout()).toBe(20_000);
  });

  test("CL5 are set by the same methods, which return the manager", () => {
    const { manager } = start();
    expect(manager.reconnectionDelay(7)).toBe(manager);
    expect(manager.reconnectionDelay()).toBe(7);
    expect(manager.timeout(false)).toBe(manager);
    expect(manager.timeout()).toBe(false);
  });

  test.each([
    ["auth", "secret"],
    ["query", 7],
    ["reconnectionDelay", "1s"],
    ["randomizationFactor", Number.NaN],
    ["path", {}],
  ])("CL4 %s: %s is refused with a clear error", (name, value) => {
    expect(() => start({ [name]: value })).toThrow(new RegExp(`option ${name} must be: `));
  });
});

test.each([
  ["timeout", "20000"],
  ["reconnectionDelay", "1500"],
  ["reconnectionAttempts", "3"],
] as const)("CL4 %s: %j is a number as text, which Socket.IO takes", (name, value) => {
  expect(Number(start({ [name]: value }).manager[name]())).toBe(Number(value));
});

describe("sockets", () => {
  test("CL90 one per namespace, each joined when there is a connection", () => {
    const { manager, latest } = start();
    const main = manager.socket("/");
    const admin = manager.socket("/admin", { auth: { a: 1 } });
    expect(manager.socket("/")).toBe(main);
    latest().receive(handshake());
    latest().drain();
    expect(latest().sent).toEqual(["40", '40/admin,{"a":1}']);
    latest().receive('40{"sid":"main"}');
    latest().receive('40/admin,{"sid":"admin"}');
    expect([main.id, admin.id]).toEqual(["main", "admin"]);
  });

  test("CL96 one that leaves takes as long however many are there, and the last one ends the connection", () => {
    const { manager, latest } = start();
    let looks = 0;
    const sockets = Array.from({ length: 100 }, (_, index) => {
      const socket = manager.socket(`/n${index}`);
      let { active } = socket;
      Object.defineProperty(socket, "active", {
        get() {
          looks++;
          return active;
        },
        set(value: boolean) {
          active = value;
        },
      });
      return socket;
    });
    latest().receive(handshake());
    const [last, ...others] = sockets;
    looks = 0;
    for (const socket of others) socket.disconnect();
    expect(looks).toBeLessThan(5 * others.length);
    expect(manager._readyState).toBe("open");
    last?.disconnect();
    expect(manager._readyState).toBe("closed");
  });

  test("CL71 a throwing listener surfaces, and harms neither the connection nor other listeners", () => {
    const surfaced: unknown[] = [];
    vi.stubGlobal("queueMicrotask", (task: () => void) => {
      try {
        task();
      } catch (error) {
        surfaced.push((error as Error).message);
      }
    });
    const { manager, log, latest } = start();
    const socket = manager.socket("/");
    const heard: string[] = [];
    socket.on("x", () => {
      throw new Error("from the listener");
    });
    socket.on("x", () => heard.push("x"));
    socket.on("connect", () => {
      throw new Error("from connect");
    });
    latest().receive(handshake());
    latest().receive('40{"sid":"main"}');
    latest().receive('42["x"]');
    latest().receive('42["x"]');
    vi.unstubAllGlobals();
    expect(heard).toEqual(["x", "x"]);
    expect(surfaced).toEqual(["from connect", "from the listener", "from the listener"]);
    expect(log).toEqual(["open"]);
  });

  test("CL91 an answer of the auth function counts once, and only for its connection", () => {
    const { manager, latest } = start();
    const hands: ((data: object) => void)[] = [];
    manager.socket("/", { auth: (hand) => void hands.push(hand) });
    latest().receive(handshake());
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(1000);
    latest().receive(handshake());
    expect(hands).toHaveLength(2);
    hands[0]!({ late: true });
    expect(latest().sent).toEqual([]);
    hands[1]!({ first: true });
    hands[1]!({ second: true });
    latest().drain();
    expect(latest().sent).toEqual(['40{"first":true}']);
  });

  test("CL92 takes up the state of the last connection, when the server remembers it", () => {
    const { manager, latest } = start();
    const socket = manager.socket("/");
    latest().receive(handshake());
    latest().receive('40{"sid":"one","pid":"P"}');
    latest().drain();
    latest().receive('42["x",1,"offset-1"]');
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(1000);
    latest().receive(handshake());
    expect(latest().sent).toEqual(['40{"pid":"P","offset":"offset-1"}']);
    const order: unknown[] = [];
    socket.on("x", (...args) => order.push(args));
    socket.on("connect", () => order.push(["connect", socket.recovered]));
    latest().receive('42["x",2,"offset-2"]');
    expect(order).toEqual([]);
    latest().receive('40{"sid":"one","pid":"P"}');
    expect(order).toEqual([
      [2, "offset-2"],
      ["connect", true],
    ]);
  });

  test("CL94 a server of version 2 answers without an id", () => {
    const { manager, latest } = start();
    const socket = manager.socket("/");
    const errors: Error[] = [];
    socket.on("connect_error", (error) => errors.push(error));
    latest().receive(handshake());
    latest().receive("40");
    expect(errors[0]?.message).toMatch(/v3/);
    expect(socket.connected).toBe(false);
  });

  test("CL102 what cannot be sent is refused where it is given, connected or not, and holds up nothing", () => {
    const { manager, latest } = start();
    const socket = manager.socket("/");
    expect(() => socket.emit("bad", 1n)).toThrow(TypeError);
    socket.emit("good");
    latest().receive(handshake());
    latest().receive('40{"sid":"main"}');
    latest().drain();
    expect(latest().sent).toEqual(["40", '42["good"]']);
    expect(() => socket.emit("bad", 1n)).toThrow(TypeError);
  });
});
