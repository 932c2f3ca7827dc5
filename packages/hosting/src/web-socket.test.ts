// What a WebSocket of the web's platform is told, and what its events become.

import type { RawSocketSink } from "@sockeye/engine";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { bufferBytes } from "./node/bytes.ts";
import { follow, WebRawSocket } from "./web-socket.ts";

const LIMIT = 6;

function opened() {
  const calls: unknown[] = [];
  const events: unknown[] = [];
  const surfaced: unknown[] = [];
  const clock = new FakeClock();
  class FakeWebSocket extends EventTarget {
    readyState = 1;
    bufferedAmount = 0;
    binaryType = "blob";
    send(data: unknown): void {
      calls.push(data);
    }
    close(code?: number): void {
      calls.push(["close", code]);
      this.readyState = 2;
    }
    /** Something happens. */
    raise(type: string, members: object = {}): void {
      if (type === "close") this.readyState = 3;
      this.dispatchEvent(Object.assign(new Event(type), members));
    }
  }
  const ws = new FakeWebSocket();
  const surface = (error: unknown): void => void surfaced.push(error);
  const runtime = { clock, surface, bytes: bufferBytes };
  const raw = new WebRawSocket(ws, { runtime, limit: LIMIT });
  follow(raw);
  const sink: RawSocketSink = {
    onFrame(frame) {
      if (frame === "throw") throw new Error("thrown");
      events.push(frame);
    },
    onDrain: () => void events.push("drain"),
    onClose: () => void events.push("close"),
    onError: ({ message }) => void events.push(message),
  };
  raw.listen(sink);
  return { raw, ws, calls, events, surfaced, clock };
}

test("a frame is passed on at once, and what the platform has not sent counts", () => {
  const { raw, ws, calls } = opened();
  ws.bufferedAmount = 5;
  expect([raw.send("a"), raw.isWritable(), calls]).toEqual([5, false, ["a"]]);
});

test("nothing is sent once either side has begun to close", () => {
  const { raw, ws, calls } = opened();
  ws.readyState = 2;
  raw.send("a");
  expect([calls, raw.isOpen]).toEqual([[], false]);
});

test("a drain is found by looking until nothing waits", () => {
  const { raw, ws, events, clock } = opened();
  ws.bufferedAmount = 5;
  raw.requestDrain();
  raw.requestDrain();
  clock.advance(1000);
  expect(events).toEqual([]);
  ws.bufferedAmount = 0;
  clock.advance(50);
  expect(events).toEqual(["drain"]);
});

test("bytes arrive as those of the runtime, text as it is", () => {
  const { ws, events } = opened();
  ws.raise("message", { data: new Uint8Array([1, 2]).buffer });
  ws.raise("message", { data: "a" });
  expect(events).toEqual([Buffer.from([1, 2]), "a"]);
});

test.each(["1234567", "äöü€", new ArrayBuffer(7)])(
  "a message over the limit: 1009 (%o)",
  (data) => {
    const { ws, calls, events } = opened();
    ws.raise("message", { data });
    ws.raise("message", { data: "more" });
    ws.raise("close", { code: 1009, reason: "" });
    expect([calls, events]).toEqual([[["close", 1009]], ["Max payload size exceeded"]]);
  },
);

test("a message of exactly the limit is taken", () => {
  const { ws, events } = opened();
  ws.raise("message", { data: "äöü" });
  expect(events).toEqual(["äöü"]);
});

test.each([
  ["Unexpected EOF", "close"],
  ["Connection reset by peer (os error 104)", "close"],
  ["Invalid UTF-8", "Invalid WebSocket frame: Invalid UTF-8"],
])("the platform reports %s", (message, event) => {
  const { ws, events } = opened();
  ws.raise("error", { message });
  ws.raise("close", { code: 0, reason: "" });
  expect(events).toEqual([event]);
});

test("a receiver that throws ends the connection with 1011, and the error is not lost", () => {
  const { ws, calls, events, surfaced } = opened();
  ws.raise("message", { data: "throw" });
  expect([calls, events, surfaced]).toEqual([[["close", 1011]], ["thrown"], [new Error("thrown")]]);
});

test("after terminate() nothing is reported", () => {
  const { raw, ws, calls, events } = opened();
  raw.terminate();
  ws.raise("message", { data: "late" });
  ws.raise("close", { code: 1005, reason: "" });
  expect([calls, events]).toEqual([[["close", undefined]], []]);
});

test("the client's close frame is answered where the platform leaves that to the program", () => {
  const { raw, ws, calls, events } = opened();
  ws.readyState = 2;
  raw.onClosed();
  expect([calls, events]).toEqual([[["close", undefined]], ["close"]]);
});
