// Each point of the client, fired by what its row says, with fake transports and a fake clock.

import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type FakePlatform,
  type FakeTransport,
  fakePlatform,
  handshake,
  racingPlatform,
} from "../testing/fake-transport.ts";
import { debugClient } from "./debug.ts";
import {
  type ClientDiagnostics,
  type ClientPayloads,
  clientDiagnosticsRows,
  createClientDiagnostics,
} from "./diagnostics.ts";
import { Manager } from "./manager.ts";
import type { ManagerOptions } from "./options.ts";
import { transportError } from "./transports/transport.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const fired = new Set<string>();
const lost = transportError("no route");

interface Scene {
  readonly manager: Manager;
  readonly points: ClientDiagnostics;
  readonly lines: unknown[];
  /** The transport that was made as the one of this number. */
  made(at: number): FakeTransport;
}

/** A manager that is connecting, and what its points publish: errors by their messages, managers left out. */
function start(
  names: readonly (keyof ClientPayloads)[],
  platform: FakePlatform = fakePlatform("websocket"),
  options: ManagerOptions = {},
): Scene {
  const points = createClientDiagnostics();
  Object.assign(platform, { diagnostics: points });
  const lines: unknown[] = [];
  for (const name of names) {
    points[name].subscribe((payload: object) => {
      fired.add(name);
      const shown = Object.entries(payload).filter(([key]) => key !== "manager");
      const plain = shown.map(([key, value]) =>
        value instanceof Error ? [key, value.message] : [key, value],
      );
      lines.push([name, Object.fromEntries(plain)]);
    });
  }
  const manager = new Manager("http://here", { hostname: "here", ...options }, platform);
  manager.open();
  return { manager, points, lines, made: (at) => platform.made[at] as FakeTransport };
}

describe("points", () => {
  test("DP6 statusChanged, connectionFailed, connectionClosed, reconnectScheduled, sessionOpened, transportFailed", () => {
    const { lines, made } = start([
      ...(["statusChanged", "connectionFailed", "connectionClosed"] as const),
      ...(["reconnectScheduled", "sessionOpened", "transportFailed"] as const),
    ]);
    made(0).sink.onError(lost);
    vi.advanceTimersByTime(1000);
    made(1).receive(handshake());
    made(1).sink.onClose({ description: "gone" });
    expect(lines).toEqual([
      ["statusChanged", { from: "idle", to: "connecting" }],
      ["transportFailed", { transport: "websocket", error: "no route" }],
      ["statusChanged", { from: "connecting", to: "closed" }],
      ["connectionFailed", { error: "no route" }],
      ["statusChanged", { from: "closed", to: "waiting" }],
      ["reconnectScheduled", { attempt: 1, delay: 1000 }],
      ["statusChanged", { from: "waiting", to: "connecting" }],
      ["sessionOpened", { transport: "websocket", sid: "S" }],
      ["statusChanged", { from: "connecting", to: "open" }],
      ["statusChanged", { from: "open", to: "closed" }],
      ["connectionClosed", { reason: "transport close" }],
      ["statusChanged", { from: "closed", to: "waiting" }],
      ["reconnectScheduled", { attempt: 1, delay: 1000 }],
    ]);
  });

  test("DP6 packetSent, packetReceived, ackTimedOut", () => {
    const scene = start(["packetSent", "packetReceived", "ackTimedOut"]);
    const socket = scene.manager.socket("/");
    scene.made(0).receive(handshake());
    scene.made(0).receive('40{"sid":"s"}');
    socket.timeout(500).emit("ask", 1, () => {});
    vi.advanceTimersByTime(500);
    expect(scene.lines).toMatchObject([
      ["packetSent", { packet: { type: 0, nsp: "/" } }],
      ["packetReceived", { packet: { type: 0, data: { sid: "s" } } }],
      ["packetSent", { packet: { type: 2, data: ["ask", 1], id: 0 } }],
      ["ackTimedOut", { nsp: "/", timeout: 500 }],
    ]);
  });

  test.each([0, 1])("DP6 bufferOverflowed, with retries: %i", (retries) => {
    const { manager, lines } = start(["bufferOverflowed"]);
    const socket = manager.socket("/", { maxSendBufferLength: 1, retries });
    socket.emit("kept").emit("dropped");
    expect(lines).toEqual([["bufferOverflowed", { nsp: "/", limit: 1 }]]);
  });

  test("DP6 raceWon", () => {
    const { lines, made } = start(["raceWon"], racingPlatform());
    const websocket = [made(0), made(1)].find(({ name }) => name === "websocket");
    websocket?.receive(handshake());
    expect(lines).toEqual([["raceWon", { transport: "websocket" }]]);
  });

  test("DP6 upgradeCompleted, upgradeFailed", () => {
    for (const succeeds of [true, false]) {
      const platform = fakePlatform("polling", "websocket");
      const { lines, made } = start(["upgradeCompleted", "upgradeFailed"], platform);
      made(0).receive(handshake({ upgrades: ["websocket"] }));
      made(1).sink.onOpen();
      made(1).receive(succeeds ? "3probe" : "4hello");
      made(0).drain();
      expect(lines).toEqual([
        succeeds
          ? ["upgradeCompleted", { from: "polling", to: "websocket" }]
          : ["upgradeFailed", { transport: "websocket", error: "probe error" }],
      ]);
    }
  });

  afterAll(() => {
    expect([...fired].sort()).toEqual(Object.keys(clientDiagnosticsRows).sort());
  });
});

test("DP6 debug output says names of events and sizes, no data, and of session ids the first characters", () => {
  const { manager, made, points } = start([]);
  const lines: string[] = [];
  debugClient(points, "sockeye:client:*,-*:statusChanged", (line) => void lines.push(line));
  const socket = manager.socket("/");
  made(0).receive(handshake({ sid: "abcdefgh" }));
  made(0).receive('40{"sid":"s"}');
  socket.emit("chat", "a secret", { more: 1 });
  made(0).sink.onClose({ description: "gone" });
  const name = (end: string): string => `sockeye:client:${end}`;
  expect(lines).toEqual([
    name("sessionOpened transport=websocket sid=abcd…"),
    name("packetSent packet=(CONNECT /)"),
    name("packetReceived packet=(CONNECT /)"),
    name('packetSent packet=(EVENT / "chat" 2 args)'),
    name('connectionClosed manager=here:80 reason="transport close"'),
    name("reconnectScheduled manager=here:80 attempt=1 delay=1000"),
  ]);
});

test("DP6 nothing is listened to unless the page or the process asks for it", () => {
  const points = createClientDiagnostics();
  for (const names of [undefined, null, "", "other:*"]) debugClient(points, names, () => {});
  expect(Object.values(points).some(({ active }) => active)).toBe(false);
});
