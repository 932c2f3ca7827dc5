// The write buffer of a WebSocket that another server has accepted: what that server has not passed on counts as queued.

import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { FromHolder } from "./link.ts";
import { RemoteSocket } from "./remote-socket.ts";

function made() {
  const clock = new FakeClock();
  const told: FromHolder[] = [];
  const seen: string[] = [];
  let isForgotten = false;
  const socket = new RemoteSocket(1, { clock, tell: (message) => void told.push(message) }, () => {
    isForgotten = true;
  });
  socket.listen({
    onFrame: (frame) => seen.push(`frame ${String(frame)}`),
    onDrain: () => seen.push("drain"),
    onClose: () => seen.push("close"),
    onError: ({ message }) => seen.push(`error ${message}`),
  });
  return { clock, told, seen, socket, isForgotten: () => isForgotten };
}

test("FW9 frames are queued until the other server has written them, and drained then", () => {
  const { seen, socket } = made();
  expect(socket.send("x".repeat(70_000), true)).toBe(70_000);
  expect(socket.isWritable()).toBe(false);
  socket.requestDrain();
  socket.taken(60_000);
  expect([socket.queuedBytes, socket.isWritable(), ...seen]).toEqual([10_000, true]);
  socket.taken(10_000);
  expect(seen).toEqual(["drain"]);
});

test("FW9 terminating frees the write buffer at once, and nothing follows", () => {
  const { isForgotten, seen, socket, told } = made();
  socket.send("late", true);
  socket.terminate();
  expect([socket.queuedBytes, socket.isOpen, isForgotten()]).toEqual([0, false, true]);
  socket.receive(0, "x");
  socket.gone();
  socket.taken(4);
  expect(seen).toEqual([]);
  expect(told.map(({ op }) => op)).toEqual(["down", "end"]);
});

test("FW7 closing that the other server does not confirm ends after 10 s", () => {
  const { clock, seen, socket } = made();
  socket.close();
  clock.advance(9999);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toEqual(["close"]);
});
