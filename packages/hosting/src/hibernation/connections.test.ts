// What is stored of connections, and when, with connections that are data.

import type { Connection, Saved, SavedConnection } from "@sockeye/engine";
import type { Gateway } from "@sockeye/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HibernationClock } from "./clock.ts";
import { KeptConnections } from "./connections.ts";
import type { HibernationStore } from "./store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection with one property of the application. */
class Stage {
  data: unknown = "first";
  isBusy = false;
  isIdle = true;
  isOpen = true;
  readonly writes: string[] = [];
  readonly surfaced: unknown[] = [];
  readonly rows = new Map<string, string>();
  readonly connections: KeptConnections;

  constructor() {
    const connection = {
      id: "a",
      save: () => this.#save(),
      isIdle: true,
    };
    Object.defineProperty(connection, "isIdle", { get: () => this.isIdle });
    const gateway = {
      connection: () => (this.isOpen ? (connection as unknown as Connection) : undefined),
      get sessions() {
        return ["a"];
      },
    } as unknown as Gateway;
    const store = {
      connections: () => this.rows,
      saveConnection: (id: string, saved: string) => {
        this.writes.push(JSON.parse(saved).handler.data);
        this.rows.set(id, saved);
      },
      forgetConnection: (id: string) => void this.rows.delete(id),
    } as unknown as HibernationStore;
    const surface = (error: unknown) => void this.surfaced.push(error);
    const storage = { setAlarm: vi.fn(), deleteAlarm: vi.fn() };
    const clock = new HibernationClock(storage, surface);
    this.connections = new KeptConnections({ gateway, store, clock, surface });
  }

  #save(): Saved {
    if (this.isBusy) return { kind: "busy", why: "joining" };
    const handler = { data: this.data, at: Date.now(), joinWithin: null };
    const heartbeat = { beat: "resting", left: 100 - Date.now() };
    const data = { id: "a", at: Date.now(), heartbeat, handler } as unknown as SavedConnection;
    return { kind: "saved", data };
  }
}

describe("the connections of a process that hibernates", () => {
  test("WK2 are stored after what a client has sent, where they differ", async () => {
    const stage = new Stage();
    stage.connections.touch("a");
    stage.connections.touch("a");
    await Promise.resolve();
    expect(stage.writes).toEqual(["first"]);
    vi.advanceTimersByTime(10);
    stage.connections.touch("a");
    await Promise.resolve();
    expect(stage.writes).toEqual(["first"]);
    stage.isOpen = false;
    stage.connections.touch("a");
    await Promise.resolve();
    expect(stage.rows.size).toBe(0);
  });

  test("WK1 are stored when nothing has happened for a second, and then no timer is left", () => {
    const stage = new Stage();
    stage.connections.stir();
    vi.advanceTimersByTime(900);
    stage.connections.stir();
    vi.advanceTimersByTime(900);
    expect(stage.writes).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(stage.writes).toEqual(["first"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("keep the process in memory for what cannot be stored, for a minute at most", () => {
    const stage = new Stage();
    stage.isBusy = true;
    stage.connections.stir();
    vi.advanceTimersByTime(5000);
    expect(stage.writes).toEqual([]);
    stage.isBusy = false;
    stage.isIdle = false;
    vi.advanceTimersByTime(1000);
    expect(stage.writes).toEqual(["first"]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("data that is no JSON is reported, and harms nothing else", () => {
    const stage = new Stage();
    stage.data = 1n;
    stage.connections.stir();
    vi.advanceTimersByTime(1000);
    expect(stage.surfaced).toEqual([expect.any(TypeError)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("WK2 are set up again from what is stored; what cannot be is forgotten", () => {
    const stage = new Stage();
    stage.connections.stir();
    vi.advanceTimersByTime(1000);
    stage.rows.set("b", "no JSON");
    const revived: unknown[] = [];
    stage.connections.wake(({ handler }) => void revived.push(handler));
    expect(revived).toMatchObject([{ data: "first" }]);
    expect(stage.surfaced).toHaveLength(1);
    expect(stage.rows.has("b")).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(stage.writes).toEqual(["first"]);
  });
});
