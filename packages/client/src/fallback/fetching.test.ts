// What a page fetches when a WebSocket is not enough, and when, with fake transports and a fake clock.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, handshake, racingPlatform } from "../../testing/fake-transport.ts";
import { FAILURE, HANDSHAKE, LEAD_MS, openEngine, runnersOf } from "../../testing/racing-engine.ts";
import type { EngineOptions } from "../options.ts";
import { type TransportError, transportError } from "../transports/transport.ts";

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

  test("CL55 once: later sessions have it from the beginning", async () => {
    open({ transports: ["polling"] });
    await vi.advanceTimersByTimeAsync(0);
    runners();
    const { engine } = open({ transports: ["polling"] });
    expect([Object.keys(runners()), engine.readyState, loads]).toEqual([["polling"], "opening", 1]);
    const alone = open({ transports: ["websocket"] });
    alone.engine.on("error", (error: TransportError) => alone.log.push(`${error.transport}`));
    runners()["websocket"]!.sink.onError(transportError("websocket error"));
    expect(alone.log).toEqual(["error websocket error", "websocket", "close transport error"]);
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

  test("CL55 and the WebSocket may fail, or end, meanwhile", async () => {
    for (const end of ["failure", "end"]) {
      const { log } = open({ hostname: end });
      vi.advanceTimersByTime(LEAD_MS / 2);
      const { sink } = runners()["websocket"]!;
      if (end === "failure") sink.onError(FAILURE);
      else sink.onClose({ description: "" });
      await vi.advanceTimersByTimeAsync(0);
      // At once: there is no head start any more.
      runners()["polling"]!.receive(handshake());
      expect(log).toEqual(["open polling"]);
    }
  });

  test("CL22 a WebSocket on which the handshake cannot be read ends the session", async () => {
    const { log } = open();
    runners()["websocket"]!.receive("0{");
    await vi.advanceTimersByTimeAsync(1000);
    expect(log).toEqual(["error server error", "close transport error"]);
    expect([platform.made, loads]).toEqual([[], 0]);
  });

  describe("CL54 when a WebSocket has not carried what was sent", () => {
    /** A session whose WebSocket is given up after five seconds. */
    function unproven() {
      const scene = open();
      const websocket = runners()["websocket"]!;
      websocket.receive(handshake({ pingInterval: 9000 }));
      scene.engine.send("0");
      websocket.drain();
      vi.advanceTimersByTime(4999);
      expect(loads).toBe(0);
      vi.advanceTimersByTime(1);
      expect(loads).toBe(1);
      return { ...scene, websocket };
    }

    test("polling follows", async () => {
      const { engine, log, websocket } = unproven();
      await vi.advanceTimersByTimeAsync(0);
      expect([engine.readyState, websocket.calls]).toEqual(["opening", ["open", "close"]]);
      runners()["polling"]!.receive(handshake());
      expect(log).toEqual(["open websocket", "open polling"]);
    });

    test("unless the answer comes meanwhile", async () => {
      const { engine, log, websocket } = unproven();
      websocket.receive('40{"sid":"S"}');
      await vi.advanceTimersByTimeAsync(0);
      expect([engine.readyState, log, platform.made]).toEqual(["open", ["open websocket"], []]);
    });

    test("or it cannot be fetched: the session ends", async () => {
      Object.assign(platform, {
        loadReserve: () => {
          loads++;
          return Promise.reject(new TypeError("import() is disallowed"));
        },
      });
      const { log } = unproven();
      await vi.advanceTimersByTimeAsync(0);
      expect(log).toEqual([
        ...["open websocket", "error import() is disallowed", "close transport error"],
      ]);
    });
  });

  test("CL55 in vain when it is closed meanwhile", async () => {
    const { engine, log } = open({ transports: ["polling"] });
    engine.close();
    await vi.advanceTimersByTimeAsync(0);
    expect([platform.made, log]).toEqual([[], ["close forced close"]]);
  });
});
