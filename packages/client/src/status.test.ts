// The public status of manager and socket, with fake transports and a fake clock.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { ManagerOptions } from "./options.ts";
import type { Socket } from "./socket.ts";
import type { Status } from "./status.ts";
import { transportError } from "./transports/transport.ts";

const START = 1_000_000;
const LOST = transportError("websocket error");

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  // The middle of the range of every wait.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Scene {
  readonly manager: Manager;
  readonly socket: Socket;
  readonly platform: FakePlatform;
  /** What the socket and the manager have notified of. */
  readonly ofSocket: Status[];
  readonly ofManager: Status[];
  latest(): FakePlatform["made"][number];
  join(): void;
}

function start(options: ManagerOptions = {}): Scene {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { autoConnect: false, ...options }, platform);
  const socket = manager.socket("/");
  const ofSocket: Status[] = [];
  const ofManager: Status[] = [];
  socket.onStatus((status) => void ofSocket.push(status));
  manager.on("status", (status: Status) => void ofManager.push(status));
  const latest: Scene["latest"] = () => platform.made[platform.made.length - 1]!;
  const join = (): void => {
    latest().receive(handshake());
    latest().receive('40{"sid":"s"}');
  };
  return { manager, socket, platform, ofSocket, ofManager, latest, join };
}

test("CL39 before anything is asked for it is idle", () => {
  const { manager, socket } = start();
  expect([manager.status, socket.status]).toEqual([{ state: "idle" }, { state: "idle" }]);
});

describe("a connection", () => {
  test("CL39 is connecting until the namespace has been joined, then open over its transport", () => {
    const { manager, socket, ofManager, ofSocket, latest } = start();
    socket.connect();
    latest().receive(handshake());
    const open = { state: "open", transport: "websocket" };
    expect([manager.status, socket.status]).toEqual([open, { state: "connecting", attempt: 0 }]);
    latest().receive('40{"sid":"s"}');
    expect(ofSocket).toEqual([{ state: "connecting", attempt: 0 }, open]);
    expect(ofManager).toEqual(ofSocket);
  });

  test("CL39 that is lost waits for attempt 1 until its time, then connects again", () => {
    const { socket, ofSocket, latest, join } = start();
    socket.connect();
    join();
    ofSocket.length = 0;
    latest().sink.onClose({ description: "gone" });
    vi.advanceTimersByTime(1000);
    latest().sink.onError(LOST);
    vi.advanceTimersByTime(2000);
    join();
    expect(ofSocket).toEqual([
      { state: "waiting", attempt: 1, until: START + 1000 },
      { state: "connecting", attempt: 1 },
      { state: "waiting", attempt: 2, until: START + 3000 },
      { state: "connecting", attempt: 2 },
      { state: "connecting", attempt: 0 },
      { state: "open", transport: "websocket" },
    ]);
  });

  test("CL39 in the disconnect listener it is closed, and the client goes on by itself", () => {
    const { socket, latest, join } = start();
    socket.connect();
    join();
    let seen: Status | undefined;
    socket.on("disconnect", () => {
      seen = socket.status;
    });
    latest().sink.onClose({ description: "gone" });
    expect(seen).toEqual({ state: "closed", reason: "transport close", advice: "wait" });
  });
});

describe("closed, with what has to be done", () => {
  test.each<[string, string, (scene: Scene) => void, Status]>([
    [
      "the application disconnects",
      "none",
      ({ socket }) => void socket.disconnect(),
      { state: "closed", reason: "io client disconnect", advice: "none" },
    ],
    [
      "the server disconnects the socket",
      "connect",
      ({ latest }) => latest().receive("41"),
      { state: "closed", reason: "io server disconnect", advice: "connect" },
    ],
    [
      "middleware rejects it",
      "connect",
      ({ latest }) => latest().receive('44{"message":"no"}'),
      { state: "closed", reason: "no", advice: "connect" },
    ],
    [
      "the manager is closed",
      "none",
      ({ manager }) => manager.close(),
      { state: "closed", reason: "forced close", advice: "none" },
    ],
  ])("CL39 %s: %s", (_, __, end, status) => {
    const scene = start();
    scene.socket.connect();
    scene.join();
    end(scene);
    expect(scene.socket.status).toEqual(status);
    expect(scene.ofSocket.at(-1)).toEqual(status);
  });

  test("CL39 reconnection is off: connect", () => {
    const { socket, latest, join } = start({ reconnection: false });
    socket.connect();
    join();
    latest().sink.onClose({ description: "gone" });
    expect(socket.status).toEqual({
      state: "closed",
      reason: "transport close",
      advice: "connect",
    });
  });

  test("CL39 all attempts have failed: connect; and it goes on when the network is back", () => {
    const { socket, platform, ofSocket, latest } = start({ reconnectionAttempts: 1 });
    socket.connect();
    latest().sink.onError(LOST);
    vi.advanceTimersByTime(1000);
    latest().sink.onError(LOST);
    expect(socket.status).toEqual({
      state: "closed",
      reason: "reconnect failed",
      advice: "connect",
    });
    vi.advanceTimersByTime(3_600_000);
    platform.fire("online");
    expect(ofSocket.at(-1)).toEqual({ state: "connecting", attempt: 1 });
  });
});

test("CL39 what onStatus returns ends the notifications", () => {
  const { socket, ofSocket } = start();
  const seen = vi.fn();
  const stop = socket.onStatus(seen);
  stop();
  stop();
  socket.connect();
  expect(seen).not.toHaveBeenCalled();
  expect(ofSocket).toHaveLength(1);
});

test("CL39 a listener that throws keeps no other from being notified", () => {
  const uncaught: unknown[] = [];
  vi.stubGlobal("queueMicrotask", (task: () => void) => {
    try {
      task();
    } catch (error) {
      uncaught.push(error);
    }
  });
  const { socket } = start();
  const seen = vi.fn();
  socket.onStatus(() => {
    throw new Error("mine");
  });
  socket.onStatus(seen);
  socket.connect();
  vi.unstubAllGlobals();
  expect(seen).toHaveBeenCalledOnce();
  expect(uncaught).toEqual([new Error("mine")]);
});
