// How connections of the smallest client end, and what follows: reasons, attempts, giving up.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePage, FakeWebSocket, latest, stubPage } from "../../testing/fake-web-socket.ts";
import { connected, lose, made, OPEN } from "../../testing/mini-client.ts";

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
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
