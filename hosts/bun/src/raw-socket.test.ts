// What a WebSocket of Bun is told, and when.

import type { Frame, RawSocketSink, Ticket } from "@sockeye/engine";
import { keptFrames, type PlainFrame } from "@sockeye/hosting";
import { type Gateway, TurnBatch } from "@sockeye/server";
import { describe, expect, test } from "vitest";
import { FakeWebSocket } from "../test/fake-bun.ts";
import { BunRawSocket } from "./raw-socket.ts";

const prepared = (frame: Frame) => keptFrames.prepare(frame) as PlainFrame;

/** An open raw socket; `events` has what its sink was told. `endTurn` ends the turn. */
function opened({ compresses = false, onOpen = (_raw: BunRawSocket): void => {} } = {}) {
  const events: unknown[] = [];
  const surfaced: unknown[] = [];
  const schedule: (() => void)[] = [];
  const surface = (error: unknown): void => void surfaced.push(error);
  const batch = new TurnBatch((callback) => void schedule.push(callback), surface);
  const sink: RawSocketSink = {
    onFrame(frame) {
      if (frame === "throw") throw new Error("thrown");
      if (frame === "answer") raw.send("answered", true);
      else events.push(frame);
    },
    onDrain: () => void events.push("drain"),
    onClose: () => void events.push("close"),
    onError: (error) =>
      void events.push([error.name, (error as { code?: string }).code ?? error.message]),
  };
  const gateway = {
    attach(_ticket: Ticket, attached: BunRawSocket): RawSocketSink {
      attached.listen(sink);
      onOpen(attached);
      return sink;
    },
  } as unknown as Gateway;
  const raw = new BunRawSocket({} as Ticket, { gateway, batch, compresses, surface, limit: 9 });
  const ws = new FakeWebSocket(raw);
  raw.onOpen(ws);
  const endTurn = (): void => {
    for (const callback of schedule.splice(0)) callback();
  };
  return { raw, ws, events, surfaced, endTurn };
}

describe("sending", () => {
  test("a frame from within the socket's own callback is passed on at once", () => {
    const { raw, ws } = opened({ onOpen: (each) => void each.send("first", true) });
    raw.onMessage("answer");
    expect(ws.calls).toEqual(["first", "answered"]);
  });

  test("frames from elsewhere are written together at the end of the turn", () => {
    const { raw, ws, endTurn } = opened();
    raw.send("a", true);
    raw.sendPrepared(prepared("b"));
    expect(ws.calls).toEqual([]);
    endTurn();
    expect(ws.calls).toEqual(["cork", "a", "b", "uncork"]);
  });

  test("a single frame is written without a cork", () => {
    const { raw, ws, endTurn } = opened();
    raw.send("a", true);
    endTurn();
    expect(ws.calls).toEqual(["a"]);
  });

  test("what waits for the end of the turn is not overtaken", () => {
    const { raw, ws, endTurn } = opened();
    raw.send("before", true);
    raw.onMessage("answer");
    endTurn();
    expect(ws.calls).toEqual(["cork", "before", "answered", "uncork"]);
  });

  test("bytes that the application changes afterwards are sent as they were", () => {
    const { raw, ws, endTurn } = opened();
    const [one, shared] = [new Uint8Array([1]), new Uint8Array([2])];
    raw.send(one, true);
    raw.sendPrepared(prepared(shared));
    one[0] = 9;
    shared[0] = 9;
    endTurn();
    expect(ws.calls).toEqual(["cork", [1], [2], "uncork"]);
  });

  test("much is written within the turn", () => {
    const { raw, ws } = opened();
    raw.send("x".repeat(300_000), true);
    expect(ws.calls).toHaveLength(1);
    expect(raw.queuedBytes).toBe(0);
  });

  test("with compression each frame is passed on at once, and may do without", () => {
    const { raw, ws } = opened({ compresses: true });
    raw.send("a", true);
    raw.send("b", false);
    expect(ws.calls).toEqual(["a", "compressed", "b"]);
  });
});

describe("the write buffer", () => {
  test("what waits for the end of the turn counts, and Bun is not asked", () => {
    const { raw, ws, endTurn } = opened();
    expect(raw.send("abc", true)).toBe(3);
    expect(raw.isWritable()).toBe(false);
    endTurn();
    expect([raw.queuedBytes, raw.isWritable(), ws.asked]).toEqual([0, true, 0]);
  });

  test("Bun is asked once a frame had to wait, until it has drained", () => {
    const { raw, ws, events } = opened({ compresses: true });
    ws.outcome = -1;
    ws.buffered = 70;
    expect(raw.send("abc", true)).toBe(70);
    raw.requestDrain();
    ws.buffered = 20;
    raw.onWritten();
    expect([raw.queuedBytes, events]).toEqual([20, []]);
    ws.buffered = 0;
    raw.onWritten();
    expect([raw.isWritable(), events]).toEqual([true, ["drain"]]);
  });

  test("a drain is reported at the end of the turn where nothing waits", () => {
    const { raw, ws, events, endTurn } = opened();
    raw.send("a", true);
    raw.requestDrain();
    endTurn();
    expect([ws.calls, events]).toEqual([["a"], ["drain"]]);
  });
});

describe("closing", () => {
  test("what was sent goes first, then a close frame without a code", () => {
    const { raw, ws } = opened();
    raw.send("last", true);
    raw.close();
    expect(ws.calls).toEqual(["last", "close 1005"]);
  });

  test("terminate() drops what was sent in this turn", () => {
    const { raw, ws, endTurn } = opened();
    raw.send("last", true);
    raw.terminate();
    endTurn();
    expect([ws.calls, raw.queuedBytes]).toEqual([["terminate"], 0]);
  });

  test("nothing is called of a WebSocket that has closed", () => {
    const { raw, ws, events, endTurn } = opened();
    raw.send("a", true);
    raw.onEnd(1000, "");
    raw.send("b", true);
    raw.close();
    raw.terminate();
    endTurn();
    expect([ws.calls, events, raw.isOpen]).toEqual([[], ["close"], false]);
  });

  test.each([
    [1006, "", "close"],
    [1001, "bye", "close"],
    [1006, "Received too big message", ["RangeError", "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"]],
    [1006, "Received invalid UTF-8", ["Error", "WS_ERR_INVALID_UTF8"]],
    [
      1006,
      "Received invalid opcode",
      ["Error", "Invalid WebSocket frame: Received invalid opcode"],
    ],
  ])("Bun reports %i %j", (code, reason, event) => {
    const { raw, events } = opened();
    raw.onEnd(code, reason);
    expect(events).toEqual([event]);
  });

  test("a receiver that throws ends the connection with 1011, and the error is not lost", () => {
    const { raw, ws, events, surfaced } = opened();
    raw.onMessage("throw");
    expect([ws.calls, events]).toEqual([["close 1011"], [["Error", "thrown"]]]);
    expect(surfaced).toEqual([new Error("thrown")]);
    raw.onEnd(1011, "");
    expect(events).toHaveLength(1);
  });
});
