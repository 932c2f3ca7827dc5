// Which transport a session comes by when the application has not asked for an order, with fake transports and a fake
// clock.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, handshake, racingPlatform } from "../../testing/fake-transport.ts";
import { FAILURE, HANDSHAKE, LEAD_MS, openEngine, runnersOf } from "../../testing/racing-engine.ts";
import { headStartMs, UNKNOWN_HEAD_START_MS } from "../engine/head-start.ts";
import type { EngineOptions } from "../options.ts";
import { transportError } from "../transports/transport.ts";

let platform: FakePlatform;

beforeEach(() => {
  vi.useFakeTimers();
  platform = racingPlatform(0);
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (options?: EngineOptions) => openEngine(platform, options);
const runners = () => runnersOf(platform);

/** A session whose WebSocket is late, and both its transports. */
function race(options: EngineOptions = {}) {
  const { engine, log } = open(options);
  vi.advanceTimersByTime(LEAD_MS);
  const { websocket, polling } = runners();
  return { engine, log, websocket: websocket!, polling: polling! };
}

describe("the head start", () => {
  test.each([
    ["nothing is known", undefined, UNKNOWN_HEAD_START_MS],
    ["the server is near", 0, 120],
    ["an answer takes 200 ms", 200, 290],
    ["the page itself was slow", 60_000, 2000],
  ])("CL50 when %s", (_, expectedMs, leadMs) => {
    platform = racingPlatform(expectedMs);
    open();
    vi.advanceTimersByTime(leadMs - 1);
    expect(Object.keys(runners())).toEqual(["websocket"]);
    vi.advanceTimersByTime(1);
    expect(Object.keys(runners())).toEqual(["polling"]);
  });

  test("CL50 begins anew when the connection to the host is established, by its last round trip", () => {
    platform = racingPlatform(undefined);
    open();
    const { websocket } = runners();
    vi.advanceTimersByTime(500);
    websocket!.sink.onConnect(200);
    vi.advanceTimersByTime(headStartMs(200) - 1);
    expect(platform.made).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(Object.keys(runners())).toEqual(["polling"]);
  });

  test("CL50 is enough for a WebSocket that is answered within it: it has the session alone", () => {
    const { log } = open();
    const { websocket } = runners();
    vi.advanceTimersByTime(LEAD_MS - 1);
    websocket!.receive(HANDSHAKE);
    vi.advanceTimersByTime(1000);
    expect(log).toEqual(["open websocket"]);
    expect(platform.made).toEqual([]);
  });

  test("CL50 is over at once for a WebSocket that fails", () => {
    const { log } = open();
    runners()["websocket"]!.sink.onError(FAILURE);
    const { polling } = runners();
    expect(polling!.calls).toEqual(["open"]);
    vi.advanceTimersByTime(LEAD_MS);
    expect(polling!.calls).toEqual(["open"]);
    polling!.receive(HANDSHAKE);
    expect(log).toEqual(["open polling"]);
  });
});

describe("after it", () => {
  test("CL50 polling sets off; the first that is answered is taken, the other one ended", () => {
    const { log, polling, websocket } = race();
    expect([websocket.calls, polling.calls]).toEqual([["open"], ["open"]]);
    polling.receive(HANDSHAKE);
    expect(websocket.calls).toEqual(["open", "close"]);
    websocket.receive(HANDSHAKE);
    expect(log).toEqual(["open polling"]);
  });

  test("CL66 polling has won: an upgrade is tried a second later, and not by sessions that end before", () => {
    const { engine, polling } = race();
    polling.receive(HANDSHAKE);
    const { websocket: candidate } = runners();
    vi.advanceTimersByTime(999);
    expect(candidate!.calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(candidate!.calls).toEqual(["open"]);
    engine.close();

    open();
    const next = runners()["polling"]!;
    next.receive(HANDSHAKE);
    const { websocket: second } = runners();
    next.sink.onClose({ description: "gone" });
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(second!.calls).not.toContain("open");
  });

  test("CL50 the WebSocket may still win", () => {
    const { log, polling, websocket } = race();
    websocket.receive(HANDSHAKE);
    expect(polling.calls).toEqual(["open", "close"]);
    expect(log).toEqual(["open websocket"]);
  });

  test("CL51 when polling fails, the WebSocket is waited for", () => {
    const { log, polling, websocket } = race();
    polling.sink.onError(transportError("xhr poll error"));
    expect(log).toEqual([]);
    websocket.receive(HANDSHAKE);
    expect(log).toEqual(["open websocket"]);
  });

  test("CL51 but not for longer than a second: the error is that of polling then", () => {
    const { log, polling, websocket } = race();
    polling.sink.onError(transportError("xhr poll error"));
    vi.advanceTimersByTime(999);
    expect(log).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(websocket.calls).toContain("close");
    expect(log).toEqual(["error xhr poll error", "close transport error"]);
  });

  test("CL51 a WebSocket that wins within that second keeps the session", () => {
    const { engine, log, polling, websocket } = race();
    polling.sink.onError(transportError("xhr poll error"));
    websocket.receive(HANDSHAKE);
    websocket.receive('40{"sid":"S"}');
    vi.advanceTimersByTime(1200);
    expect(log).toEqual(["open websocket"]);
    expect(engine.readyState).toBe("open");
  });

  test("CL51 polling is waited for without a limit of its own when the WebSocket has failed", () => {
    const { log, polling, websocket } = race();
    websocket.sink.onError(FAILURE);
    vi.advanceTimersByTime(5000);
    expect(log).toEqual([]);
    polling.receive(HANDSHAKE);
    expect(log).toEqual(["open polling"]);
  });

  test.each(["polling", "websocket"] as const)(
    "CL51 when both fail, %s first, the error is that of polling",
    (earlier) => {
      const { log, ...both } = race();
      const later = earlier === "polling" ? "websocket" : "polling";
      both[earlier].sink.onError(transportError(`${earlier} failed`));
      both[later].sink.onError(transportError(`${later} failed`));
      expect(log).toEqual(["error polling failed", "close transport error"]);
    },
  );

  test("CL51 when both fail, nothing else is tried", () => {
    const { engine, log } = open({ tryAllTransports: true });
    runners()["websocket"]!.sink.onError(FAILURE);
    runners()["polling"]!.sink.onError(transportError("xhr poll error"));
    expect(log).toEqual(["error xhr poll error", "close transport error"]);
    expect(engine.transport?.name).toBe("polling");
    expect(platform.made).toEqual([]);
  });

  test("CL50 closing ends both, and nothing sets off afterwards", () => {
    const { engine, log, polling, websocket } = race();
    engine.close();
    vi.advanceTimersByTime(5000);
    expect(websocket.calls).toContain("close");
    expect(polling.calls).toContain("close");
    expect(log).toEqual(["close forced close"]);
    open().engine.close();
    vi.advanceTimersByTime(5000);
    expect(Object.keys(runners())).toEqual(["websocket"]);
  });

  test("CL50 what was sent before the handshake goes out over the winner", () => {
    const { engine } = open();
    engine.send("early");
    vi.advanceTimersByTime(LEAD_MS);
    engine.send("later");
    const { polling } = runners();
    polling!.receive(handshake());
    expect(polling!.sent).toEqual(["4early", "4later"]);
  });
});

describe("proof that frames arrive in both directions", () => {
  /** A session that a WebSocket has won, with a packet on its way. */
  function unproven() {
    const { engine, log } = open();
    const { websocket } = runners();
    websocket!.receive(HANDSHAKE);
    engine.send("0");
    websocket!.drain();
    return { engine, log, websocket: websocket! };
  }

  test("CL54 without an answer the session starts again over polling, and the host is demoted", () => {
    const { engine, log, websocket } = unproven();
    // Pings come by themselves and prove nothing.
    vi.advanceTimersByTime(1400);
    websocket.receive("2");
    vi.advanceTimersByTime(1400);
    websocket.receive("2");
    vi.advanceTimersByTime(1400);
    websocket.receive("2");
    vi.advanceTimersByTime(799);
    expect(platform.made).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(websocket.calls).toEqual(["open", "close"]);
    const { polling } = runners();
    expect([engine.readyState, engine.id, engine.writeBuffer]).toEqual(["opening", undefined, []]);
    polling!.receive(handshake());
    expect(log).toEqual(["open websocket", "open polling"]);
    open();
    expect(Object.keys(runners())).toEqual(["polling"]);
  });

  test("CL54 any message of the server is one", () => {
    const { engine, log, websocket } = unproven();
    websocket.receive('40{"sid":"S"}');
    for (let at = 0; at < 10; at++) {
      vi.advanceTimersByTime(1400);
      websocket.receive("2");
    }
    expect([engine.readyState, log]).toEqual(["open", ["open websocket"]]);
    open();
    expect(Object.keys(runners())).toEqual(["websocket"]);
  });

  test("CL54 is not waited for before anything was sent that is answered", () => {
    const { engine } = open();
    const { websocket } = runners();
    websocket!.receive(HANDSHAKE);
    // Credentials may take their time; pongs ask for nothing.
    for (let at = 0; at < 10; at++) {
      vi.advanceTimersByTime(1400);
      websocket!.receive("2");
      websocket!.drain();
    }
    expect([engine.readyState, platform.made]).toEqual(["open", []]);
  });

  test("CL54 and when polling is not answered either, the session ends after 20 s", () => {
    const { log, websocket } = unproven();
    for (let at = 0; at < 4; at++) {
      vi.advanceTimersByTime(1250);
      websocket.receive("2");
    }
    expect(runners()["polling"]!.calls).toEqual(["open"]);
    vi.advanceTimersByTime(19_999);
    expect(log).toEqual(["open websocket"]);
    vi.advanceTimersByTime(1);
    expect(log).toEqual(["open websocket", "error timeout", "close transport error"]);
  });

  test("CL54 may take as long as a slow middleware: an answer after 4.9 s keeps the WebSocket", () => {
    const { log, websocket } = unproven();
    for (const ms of [1400, 1400, 1400, 700]) {
      vi.advanceTimersByTime(ms);
      websocket.receive("2");
    }
    websocket.receive('40{"sid":"S"}');
    vi.advanceTimersByTime(1000);
    expect([log, platform.made]).toEqual([["open websocket"], []]);
  });

  test("CL54 is not asked for where the application wants WebSocket and nothing else", () => {
    const { engine } = open({ transports: ["websocket"] });
    const { websocket } = runners();
    websocket!.receive(HANDSHAKE);
    for (let at = 0; at < 10; at++) {
      vi.advanceTimersByTime(1400);
      websocket!.receive("2");
    }
    expect(engine.readyState).toBe("open");
  });
});

describe("what has worked with a host is remembered", () => {
  test("CL53 polling goes first, and alone, where it has won", () => {
    race().polling.receive(handshake());
    open();
    expect(Object.keys(runners())).toEqual(["polling"]);
    open({ hostname: "elsewhere" });
    expect(Object.keys(runners())).toEqual(["websocket"]);
  });

  test("CL53 where a WebSocket has worked, polling is tried after a second only", () => {
    open();
    runners()["websocket"]!.receive(HANDSHAKE);
    open();
    vi.advanceTimersByTime(999);
    expect(Object.keys(runners())).toEqual(["websocket"]);
    vi.advanceTimersByTime(1);
    expect(Object.keys(runners())).toEqual(["polling"]);
  });

  test("CL53 polling that the application has asked for says nothing of WebSockets", () => {
    open({ transports: ["polling"] });
    runners()["polling"]!.receive(handshake());
    open();
    expect(Object.keys(runners())).toEqual(["websocket"]);
  });
});

test.each<[string, EngineOptions]>([
  ["transports", { transports: ["polling", "websocket"] }],
  ["no upgrade", { upgrade: false }],
  ["headers", { extraHeaders: { a: "b" } }],
  ["credentials", { withCredentials: true }],
  ["options of polling", { transportOptions: { polling: { extraHeaders: {} } } }],
  ["binary as text", { forceBase64: true }],
])("CL52 an application that asks for %s gets polling first, as with Socket.IO", (_, options) => {
  open(options);
  expect(Object.keys(runners())).toEqual(["polling"]);
});
