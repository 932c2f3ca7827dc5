// What the smallest client does when the network, the page or the machine goes and comes back.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePage, FakeWebSocket, latest, stubPage } from "../../testing/fake-web-socket.ts";
import { asleepFor, connected, lose, made } from "../../testing/mini-client.ts";

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each(["online", "visibilitychange", "resume", "pageshow"])("on %s", (event) => {
  test("a connection that is alive stays", () => {
    const { socket, log } = connected();
    page.fire(event, { persisted: false });
    expect([log, socket.connected]).toEqual([[], true]);
  });

  test("one that the server has given up is made anew at once", () => {
    const { log } = connected();
    asleepFor(60_000);
    page.fire(event);
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("a loss before the next ping is followed by one attempt at once, which does not count", () => {
    const { states } = connected();
    page.fire(event);
    lose();
    expect(states.at(-1)).toEqual({ state: "waiting", attempt: 1, until: Date.now() });
    vi.advanceTimersByTime(0);
    lose();
    expect(states.at(-1)).toEqual({ state: "waiting", attempt: 1, until: Date.now() + 1000 });
  });

  test("a loss after the next ping is a loss like any other", () => {
    const { states } = connected();
    page.fire(event);
    latest().receive("2");
    lose();
    expect(states.at(-1)).toMatchObject({ until: Date.now() + 1000 });
  });

  test("attempts are a second apart, however often it comes, and use up none", () => {
    const { states } = connected({ reconnectionAttempts: 2, reconnectionDelay: 5000 });
    lose();
    for (let at = 0; at < 10; at++) {
      page.fire(event);
      vi.advanceTimersByTime(at === 0 ? 0 : 1);
      expect(FakeWebSocket.made).toHaveLength(at + 2);
      lose();
      expect(states.at(-1)).toMatchObject({ state: "waiting", attempt: 1 });
      page.fire(event);
      page.fire(event);
      vi.advanceTimersByTime(999);
      expect(FakeWebSocket.made).toHaveLength(at + 2);
    }
  });

  test("an attempt that was begun before the sleep is made anew", () => {
    made();
    page.fire(event);
    expect(FakeWebSocket.made).toHaveLength(1);
    const [stale] = FakeWebSocket.made;
    asleepFor(6000);
    page.fire(event);
    expect([FakeWebSocket.made.length, stale?.isClosed]).toEqual([2, true]);
  });
});

describe("the page", () => {
  test("hidden: a visibilitychange is none to wake for", () => {
    const { states } = connected();
    page.document.hidden = true;
    asleepFor(60_000);
    page.fire("visibilitychange");
    expect(states).toEqual([]);
  });

  test("offline: the connection is lost, and comes back with the network", () => {
    const { log, states } = connected();
    page.fire("offline");
    expect(log).toEqual([["transport close", "network connection lost"]]);
    page.fire("offline");
    expect(states).toHaveLength(1);
    vi.advanceTimersByTime(10);
    page.fire("online");
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("offline is nothing to a server on localhost", () => {
    const { log } = made({}, "http://localhost:3000");
    latest().welcome();
    page.fire("offline");
    expect(log).toEqual(["connect"]);
  });

  test("goes into the back-forward cache: closed silently, and connected anew when it is back", () => {
    const { socket, log } = connected();
    page.fire("pagehide", { persisted: true });
    expect([latest().isClosed, log]).toEqual([true, []]);
    socket.emit("kept");
    page.fire("pageshow", { persisted: true });
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(0);
    latest().welcome();
    expect(latest().sent).toEqual(["40", '42["kept"]']);
  });

  test("goes into it while waiting for the next attempt: that follows when it is back", () => {
    const { log, states } = connected();
    lose();
    page.fire("pagehide", { persisted: true });
    page.fire("pageshow", { persisted: true });
    expect([log.length, states.at(-1)]).toEqual([
      1,
      { state: "waiting", attempt: 1, until: Date.now() },
    ]);
  });

  test("is left for good: nothing, the browser ends it", () => {
    connected();
    page.fire("pagehide", { persisted: false });
    expect(latest().isClosed).toBe(false);
  });

  test("the browser has cut the connections of a cached page", () => {
    const { log } = connected();
    page.fire("pageshow", { persisted: true });
    expect(log).toEqual([["transport close", "network connection lost"]]);
  });

  test("an event emitted after the sleep waits for the next connection", () => {
    const { socket, log } = connected();
    asleepFor(60_000);
    socket.emit("kept");
    expect(latest().sent).toEqual(["40"]);
    vi.advanceTimersByTime(0);
    expect(log).toEqual([["ping timeout"]]);
    vi.advanceTimersByTime(1000);
    latest().welcome();
    expect(latest().sent).toEqual(["40", '42["kept"]']);
  });
});
