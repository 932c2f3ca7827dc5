// What a page fetches when a WebSocket is not enough, and when, with fake transports and a fake clock.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, handshake, racingPlatform } from "../../testing/fake-transport.ts";
import { FAILURE, HANDSHAKE, LEAD_MS, openEngine, runnersOf } from "../../testing/racing-engine.ts";
import type { EngineOptions } from "../options.ts";

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

describe("a page fetches what is needed beyond a WebSocket", () => {
  let loads: number;

  beforeEach(() => {
    const { reserve } = platform;
    loads = 0;
    Object.assign(platform, {
      reserve: undefined,
      loadReserve: async () => {
        loads++;
        return reserve;
      },
    });
  });

  test("CL55 never where a WebSocket is answered in time", () => {
    open();
    vi.advanceTimersByTime(LEAD_MS / 2 - 1);
    runners()["websocket"]!.receive(HANDSHAKE);
    vi.advanceTimersByTime(1000);
    expect(loads).toBe(0);
  });

  test("CL55 before the head start is over, so that it is there then", async () => {
    const { log } = open();
    vi.advanceTimersByTime(LEAD_MS / 2);
    expect(loads).toBe(1);
    await vi.advanceTimersByTimeAsync(LEAD_MS / 2);
    const { polling } = runners();
    polling!.receive(handshake());
    expect(log).toEqual(["open polling"]);
  });

  test("CL55 at once for another order, whose first name is shown meanwhile", async () => {
    const { engine, log } = open({ transports: ["polling"] });
    expect([engine.transport?.name, engine.transport?.writable]).toEqual(["polling", false]);
    await vi.advanceTimersByTimeAsync(0);
    runners()["polling"]!.receive(handshake());
    expect(log).toEqual(["open polling"]);
  });

  test("CL55 not for WebSocket alone", () => {
    open({ transports: ["websocket"] });
    expect([Object.keys(runners()), loads]).toEqual([["websocket"], 0]);
  });

  test("CL55 and goes on with the WebSocket alone where it cannot be fetched", async () => {
    Object.assign(platform, {
      loadReserve: () => Promise.reject(new TypeError("import() is disallowed")),
    });
    const slow = open();
    await vi.advanceTimersByTimeAsync(1000);
    runners()["websocket"]!.receive(HANDSHAKE);
    expect(slow.log).toEqual(["open websocket"]);

    const failing = open({ hostname: "elsewhere" });
    await vi.advanceTimersByTimeAsync(1000);
    runners()["websocket"]!.sink.onError(FAILURE);
    // Tried once more: it may have been the network.
    await vi.advanceTimersByTimeAsync(0);
    expect(failing.log).toEqual(["error websocket error", "close transport error"]);
  });

  test("CL55 in vain when it is closed meanwhile", async () => {
    const { engine, log } = open({ transports: ["polling"] });
    engine.close();
    await vi.advanceTimersByTimeAsync(0);
    expect([platform.made, log]).toEqual([[], ["close forced close"]]);
  });
});
