// A WebSocket of a runtime that frames by itself: how often the runtime is asked what waits, and what is passed on when.

import type { Frame, PreparedFrame, RawSocketSink, Ticket } from "@sockeye/engine";
import { describe, expect, test } from "vitest";
import type { Gateway } from "../gateway.ts";
import { TurnBatch } from "../turn-batch.ts";
import { MessageSocket, violation } from "./message-socket.ts";

/** What the runtime has: a socket that counts how often it is asked. */
class Native {
  readonly calls: unknown[] = [];
  asked = 0;
  buffered = 0;
  /** Whether the next frame has to wait. */
  isFull = false;

  cork(callback: () => void): void {
    this.calls.push("cork");
    callback();
    this.calls.push("uncork");
  }

  getBufferedAmount(): number {
    this.asked++;
    return this.buffered;
  }
}

class Socket extends MessageSocket<Native, PreparedFrame> {
  get(frame: Frame): void {
    this.receive(frame);
  }

  protected put(ws: Native, frame: Frame | PreparedFrame): boolean {
    ws.calls.push(frame);
    return ws.isFull;
  }

  protected end(ws: Native, code?: number): void {
    ws.calls.push(code === undefined ? "end" : `end ${code}`);
  }

  protected destroy(ws: Native): void {
    ws.calls.push("destroy");
  }
}

/** An open socket; `onFrame` is what the receiver of a message does. */
function opened(onFrame: (socket: Socket) => void = () => {}) {
  const ws = new Native();
  const events: string[] = [];
  const turn: (() => void)[] = [];
  const surface = (error: unknown): void => void events.push(String(error));
  const sink: RawSocketSink = {
    onFrame: () => onFrame(socket),
    onDrain: () => void events.push("drain"),
    onClose: () => void events.push("close"),
    onError: ({ message }) => void events.push(message),
  };
  const attach = (_ticket: Ticket, raw: Socket): void => raw.listen(sink);
  const socket: Socket = new Socket({} as Ticket, {
    gateway: { attach } as unknown as Gateway,
    batch: new TurnBatch((callback) => void turn.push(callback), surface),
    ...{ limit: 10, compresses: false, surface },
  });
  socket.onOpen(ws);
  const endTurn = (): void => {
    for (const callback of turn.splice(0)) callback();
  };
  return { socket, ws, events, endTurn };
}

describe("what waits", () => {
  test("a socket whose frames were all passed on outside of a cork is not asked", () => {
    const { socket, ws, endTurn } = opened();
    expect([socket.send("one", false), socket.isWritable()]).toEqual([3, false]);
    endTurn();
    expect([socket.isWritable(), socket.queuedBytes, ws.calls]).toEqual([true, 0, ["one"]]);
    expect(ws.asked).toBe(0);
  });

  test("after a cork it is asked once, and not again when nothing waits", () => {
    const { socket, ws, endTurn } = opened();
    socket.send("one", false);
    socket.send("two", false);
    endTurn();
    expect([socket.isWritable(), socket.isWritable(), ws.asked]).toEqual([true, true, 1]);
    expect(ws.calls).toEqual(["cork", "one", "two", "uncork"]);
  });

  test("in its own callback the answer is not kept: what was sent there is counted only after it", () => {
    const { socket, ws } = opened((each) => {
      each.send("answer", false);
      each.isWritable();
    });
    socket.get("x");
    ws.buffered = 6;
    expect([socket.isWritable(), socket.queuedBytes]).toEqual([false, 6]);
  });

  test("a socket that is known to be full is not asked again until it has written", () => {
    const { socket, ws, events, endTurn } = opened();
    ws.isFull = true;
    ws.buffered = 3;
    socket.send("one", false);
    endTurn();
    expect([socket.isWritable(), socket.isWritable(), ws.asked]).toEqual([false, false, 0]);
    socket.onWritten();
    expect([socket.isWritable(), events]).toEqual([false, []]);
    ws.buffered = 0;
    socket.onWritten();
    expect([socket.isWritable(), events]).toEqual([true, ["drain"]]);
  });

  test("a frame that is passed on may have taken with it what waited", () => {
    const { socket, ws, endTurn } = opened();
    ws.isFull = true;
    socket.send("one", false);
    endTurn();
    ws.isFull = false;
    socket.send("two", false);
    endTurn();
    ws.asked = 0;
    expect([socket.isWritable(), socket.isWritable(), ws.asked]).toEqual([true, true, 1]);
  });
});

test("a drain is wanted: it comes at the end of the turn, unless something waits", () => {
  const { socket, ws, events, endTurn } = opened();
  socket.requestDrain();
  expect(events).toEqual([]);
  endTurn();
  expect(events).toEqual(["drain"]);
  ws.buffered = 1;
  socket.requestDrain();
  endTurn();
  expect(events).toEqual(["drain"]);
});

test("much is written within the turn", () => {
  const { socket, ws } = opened();
  socket.send("x".repeat(262_145), false);
  expect([ws.calls.length, socket.queuedBytes]).toEqual([1, 0]);
});

test("a receiver that throws ends the connection with 1011, and the error is uncaught", () => {
  const { socket, ws, events } = opened(() => {
    throw new Error("broken");
  });
  socket.get("x");
  expect([ws.calls, events]).toEqual([["end 1011"], ["Error: broken", "broken"]]);
});

test("a socket that has closed is told nothing", () => {
  const { socket, ws, events, endTurn } = opened();
  socket.send("one", false);
  socket.onClosed(null);
  socket.send("two", false);
  for (const end of ["requestDrain", "close", "terminate", "flush", "onWritten"] as const) {
    socket[end]();
  }
  endTurn();
  expect([ws.calls, ws.asked, events, socket.isOpen]).toEqual([[], 0, ["close"], false]);
});

test.each([
  ["Received too big message", "Max payload size exceeded"],
  ["too large", "Max payload size exceeded"],
  ["Received invalid UTF-8", "Invalid WebSocket frame: invalid UTF-8 sequence"],
  ["no mask", "Invalid WebSocket frame: no mask"],
])("a violation that the runtime calls %j", (reason, message) => {
  expect(violation(reason, 10).message).toBe(message);
});
