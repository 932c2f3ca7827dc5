// What becomes of connections and their WebSockets when a process has lost its memory, with storage in a map.

import type { RawSocket, RawSocketSink, SavedConnection } from "@sockeye/engine";
import type { Gateway } from "@sockeye/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WebSocketLike } from "../web.ts";
import { Hibernation } from "./hibernation.ts";
import type { HibernationServices } from "./services.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A saved connection over a transport. */
function saved(id: string, kind = "websocket"): string {
  const peer = { sockets: [{ sid: "s", recovery: { pid: "p", sent: "last" } }] };
  return JSON.stringify({ id, at: 0, transport: { kind }, heartbeat: {}, handler: peer });
}

/** A WebSocket that the runtime has kept; `calls` has what it was told. */
function kept() {
  const calls: unknown[] = [];
  const ws: WebSocketLike = {
    readyState: 1,
    addEventListener: () => {},
    send: (data) => void calls.push(data),
    close: () => void calls.push("close"),
  };
  return { ws, calls };
}

/** A process that wakes up over what is stored. */
function process(...rows: string[]) {
  const events: unknown[] = [];
  const revived = new Map<string, { saved: SavedConnection; raw: RawSocket | null }>();
  const gateway = {
    sessions: [],
    connection: () => undefined,
    revive(connection: SavedConnection, raw: RawSocket | null) {
      revived.set(connection.id, { saved: connection, raw });
      const sink: RawSocketSink = {
        onFrame: (frame) => void events.push([connection.id, frame]),
        onDrain: () => {},
        onClose: () => void events.push([connection.id, "closed"]),
        onError: ({ message }) => void events.push([connection.id, message]),
      };
      raw?.listen(sink);
    },
  } as unknown as Gateway;
  const stored = new Map(rows.map((row) => [(JSON.parse(row) as { id: string }).id, row]));
  const store = {
    connections: () => stored,
    forgetConnection: (id: string) => void stored.delete(id),
  };
  const clock = { runDue: vi.fn(), onAlarm: vi.fn(), setAlarm: vi.fn() };
  const surfaced: unknown[] = [];
  const hibernation = new Hibernation(gateway, { store, clock } as unknown as HibernationServices, {
    limit: 9,
    runtime: {
      clock: { now: () => 0, wallTime: () => 0, after: () => () => {} },
      bytes: { byteLength: (text) => text.length, received: (data) => new Uint8Array(data) },
      surface: (error) => void surfaced.push(error),
    },
  });
  return { hibernation, revived, events, clock, surfaced };
}

describe("a process that wakes up", () => {
  test("WK2 finds each connection its WebSocket", () => {
    const { hibernation, revived, events, clock } = process(saved("a"), saved("b"));
    const [one, other] = [kept(), kept()];
    hibernation.wake(
      new Map([
        ["a", one.ws],
        ["b", other.ws],
      ]),
    );
    revived.get("b")?.raw?.send("4hello", false);
    expect([one.calls, other.calls]).toEqual([[], ["4hello"]]);
    expect(hibernation.onMessage(one.ws, "4hi")).toBe(true);
    expect(events).toEqual([["a", "4hi"]]);
    expect(clock.runDue).toHaveBeenCalled();
  });

  test("sets up a polling connection without a WebSocket", () => {
    const { hibernation, revived } = process(saved("a", "polling"));
    hibernation.wake(new Map());
    expect(revived.get("a")?.raw).toBe(null);
  });

  test("ends a connection whose WebSocket has gone, and does not trust what was sent last", () => {
    const { hibernation, revived, events } = process(saved("a"));
    hibernation.wake(new Map());
    expect(events).toEqual([["a", "closed"]]);
    expect(revived.get("a")?.saved.handler).toEqual({
      sockets: [{ sid: "s", recovery: { pid: "p", sent: "" } }],
    });
  });

  test("closes a WebSocket that has no connection", () => {
    const { hibernation } = process(saved("a"));
    const [ours, stray] = [kept(), kept()];
    hibernation.wake(
      new Map([
        ["a", ours.ws],
        ["z", stray.ws],
      ]),
    );
    expect([ours.calls, stray.calls]).toEqual([[], ["close"]]);
  });
});

describe("a WebSocket", () => {
  test("that is not the server's is left alone", () => {
    const { hibernation, clock } = process();
    const { ws, calls } = kept();
    expect([hibernation.onMessage(ws, "mine"), hibernation.onEnd(ws, null)]).toEqual([
      false,
      false,
    ]);
    expect(calls).toEqual([]);
    expect(clock.runDue).not.toHaveBeenCalled();
  });

  test("that has ended is reported once", () => {
    const { hibernation, events } = process(saved("a"));
    const { ws } = kept();
    hibernation.wake(new Map([["a", ws]]));
    expect(hibernation.onEnd(ws, "bad opcode")).toBe(true);
    expect(hibernation.onEnd(ws, null)).toBe(false);
    expect(events).toEqual([["a", "Invalid WebSocket frame: bad opcode"]]);
  });

  test("whose pings were answered without the process has sent one, for each answer", () => {
    const { hibernation, events } = process(saved("a"));
    const { ws } = kept();
    hibernation.wake(new Map([["a", ws]]));
    hibernation.noteAnswered(() => 0);
    hibernation.noteAnswered(() => 5);
    hibernation.noteAnswered(() => 5);
    expect(events).toEqual([["a", "2"]]);
  });
});
