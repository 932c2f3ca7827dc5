// A WebSocket of uWebSockets.js: when what is sent leaves, what is reported, and that nothing is called after its end.

import type { Frame, RawSocketSink, Ticket } from "@sockeye/engine";
import { type Gateway, TurnBatch, WholeFrame } from "@sockeye/server";
import { expect, test } from "vitest";
import { bytesOf, FakeWebSocket } from "../test/fake-uws.ts";
import { UwsRawSocket } from "./raw-socket.ts";

const LIMIT = 100;
const prepared = (frame: Frame): WholeFrame => new WholeFrame(frame, (text) => Buffer.from(text));

class Opened implements RawSocketSink {
  readonly seen: unknown[] = [];
  readonly ws = new FakeWebSocket();
  readonly surfaced: unknown[] = [];
  readonly raw: UwsRawSocket;
  #endTurn: () => void = () => {};
  /** What the receiver of a message does. */
  receive: () => void = () => {};

  constructor(compresses = false) {
    const surface = (error: unknown): void => void this.surfaced.push(error);
    const batch = new TurnBatch((callback) => {
      this.#endTurn = callback;
    }, surface);
    const attach = (_ticket: Ticket, raw: UwsRawSocket): void => raw.listen(this);
    const gateway = { attach } as unknown as Gateway;
    this.raw = new UwsRawSocket({} as Ticket, {
      gateway,
      batch,
      limit: LIMIT,
      compresses,
      surface,
    });
    this.ws.onClose = (code, reason) => this.raw.onEnd(code, reason);
    this.raw.onOpen(this.ws);
  }

  endTurn(): void {
    this.#endTurn();
  }

  onFrame(frame: unknown): void {
    this.seen.push(frame);
    this.receive();
  }
  onDrain(): void {
    this.seen.push("(drain)");
  }
  onClose(): void {
    this.seen.push("(close)");
  }
  onError(error: Error): void {
    this.seen.push(`(error: ${error.message})`);
  }
}

test("what is sent outside of its callback leaves at the end of the turn, under one cork", () => {
  const opened = new Opened();
  expect([opened.raw.send("4a", false), opened.raw.sendPrepared(prepared("4bc"))]).toEqual([2, 5]);
  expect([opened.ws.calls, opened.raw.isWritable()]).toEqual([[], false]);
  opened.endTurn();
  expect(opened.ws.calls).toEqual(["cork", "4a", "text", "4bc", "text", "uncork"]);
  expect(opened.raw.isWritable()).toBe(true);
});

test("what is sent in its callback is passed on at once, unless something waits before it", () => {
  const opened = new Opened();
  opened.receive = () => void opened.raw.send("4b", false);
  opened.raw.onMessage(bytesOf("4a"), false);
  expect(opened.ws.calls).toEqual(["4b", "text"]);
  opened.raw.send("4c", false);
  opened.raw.onMessage(bytesOf("4a"), false);
  expect(opened.ws.calls).toHaveLength(2);
  opened.endTurn();
  expect(opened.ws.calls.slice(2)).toEqual(["cork", "4c", "text", "4b", "text", "uncork"]);
});

test("bytes are copied, whether they come or wait", () => {
  const opened = new Opened();
  const message = bytesOf("in");
  opened.raw.onMessage(message, true);
  new Uint8Array(message).fill(0);
  const bytes = Buffer.from("out");
  opened.raw.send(bytes, false);
  const shared = Buffer.from("all");
  opened.raw.sendPrepared(prepared(shared));
  bytes.fill(0);
  shared.fill(0);
  opened.endTurn();
  expect(opened.seen).toEqual([Buffer.from("in")]);
  expect(opened.ws.calls).toEqual(["cork", "out", "binary", "all", "binary", "uncork"]);
});

test("with compression each message says whether it is compressed", () => {
  const opened = new Opened(true);
  opened.raw.send("4a", true);
  opened.raw.send("4b", false);
  expect(opened.ws.calls).toEqual(["4a", "text", "compressed", "4b", "text"]);
});

test("a client that does not read: the backlog, and the drain", () => {
  const opened = new Opened();
  opened.ws.outcome = 0;
  opened.raw.send("4a", false);
  opened.endTurn();
  opened.ws.buffered = 10;
  expect([opened.raw.send("4b", false), opened.raw.isWritable()]).toEqual([12, false]);
  opened.raw.requestDrain();
  opened.endTurn();
  opened.raw.onWritten();
  expect(opened.seen).toEqual([]);
  opened.ws.buffered = 0;
  opened.raw.onWritten();
  expect(opened.seen).toEqual(["(drain)"]);
});

test("a drain that is wanted when nothing waits comes at the end of the turn", () => {
  const opened = new Opened();
  opened.raw.requestDrain();
  expect(opened.seen).toEqual([]);
  opened.endTurn();
  expect(opened.seen).toEqual(["(drain)"]);
});

test("WS2 a message above the limit is answered with 1009", () => {
  const opened = new Opened();
  opened.raw.onMessage(new ArrayBuffer(LIMIT + 1), true);
  expect(opened.ws.calls).toEqual(["end 1009 above the limit of 100 bytes"]);
  expect(opened.seen).toEqual(["(error: Max payload size exceeded)"]);
});

test("a receiver that throws ends the connection with 1011, and the error is uncaught", () => {
  const opened = new Opened();
  opened.receive = () => {
    throw new Error("broken");
  };
  opened.raw.onMessage(bytesOf("4a"), false);
  expect([opened.ws.calls, opened.surfaced]).toEqual([["end 1011"], [new Error("broken")]]);
  expect(opened.seen).toEqual(["4a", "(error: broken)"]);
});

test.each([
  [1000, "", "(close)"],
  [1006, "", "(close)"],
  [1006, "Received TCP FIN before WebSocket close frame", "(close)"],
  [1006, "Received too big message", "(error: Max payload size exceeded)"],
  [1006, "Received invalid UTF-8", "(error: Invalid WebSocket frame: invalid UTF-8 sequence)"],
  [
    1006,
    "Received invalid WebSocket frame",
    "(error: Invalid WebSocket frame: Received invalid WebSocket frame)",
  ],
])("an end with %i and %j", (code, reason, seen) => {
  const opened = new Opened();
  opened.ws.leave(code, reason);
  expect(opened.seen).toEqual([seen]);
});

test("after its end nothing of it is called", () => {
  for (const end of [(each: Opened) => each.ws.leave(), (each: Opened) => each.raw.terminate()]) {
    const opened = new Opened();
    opened.raw.send("4a", false);
    end(opened);
    const { length } = opened.ws.calls;
    expect(opened.raw.send("4b", false)).toBe(0);
    opened.raw.requestDrain();
    opened.raw.close();
    opened.raw.terminate();
    opened.endTurn();
    expect([opened.raw.isOpen, opened.raw.queuedBytes, opened.ws.calls.length]).toEqual([
      false,
      0,
      length,
    ]);
    expect(opened.seen).toEqual(["(close)"]);
  }
});

test("close writes what waits, then a close frame without a code", () => {
  const opened = new Opened();
  opened.raw.send("4a", false);
  opened.raw.close();
  expect(opened.ws.calls).toEqual(["4a", "text", "end"]);
});
