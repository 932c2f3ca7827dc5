// A broadcast that overflows many clients at once, told to the others by the application, as chats do.

import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "../api/socket.ts";

const HEARTBEAT = { pingInterval: 1e9, pingTimeout: 1e9 };

function eventsOf({ unread }: MemorySocket): string[] {
  return unread.map((frame) => String(frame).slice(0, 10));
}

test("EN84 clients that overflow in one broadcast leave after it, and all others hear the same order", async () => {
  const server = new MemoryServer({}, { ...HEARTBEAT, maxSendBufferSize: 1000 });
  let depth = 0;
  let deepest = 0;
  server.on("connection", (socket: Socket) => {
    socket.on("disconnect", () => {
      deepest = Math.max(deepest, ++depth);
      server.emit("left");
      depth--;
    });
  });
  const first = await server.join();
  const deaf: MemorySocket[] = [];
  for (let joined = 0; joined < 500; joined++) deaf.push(await server.join());
  const last = await server.join();
  for (const each of deaf) each.pause();
  server.emit("big", "x".repeat(1100));
  server.clock.advance(1);
  server.emit("chat", "x".repeat(200));
  // None has left within the walk.
  expect([server.sockets.sockets.size, deepest]).toEqual([502, 0]);
  server.clock.advance(1);
  expect([server.sockets.sockets.size, deepest, server.surfaced]).toEqual([2, 1, []]);
  const expected = ['42["big","', '42["chat",', ...Array.from({ length: 500 }, () => '42["left"]')];
  expect(eventsOf(first)).toEqual(expected);
  expect(eventsOf(last)).toEqual(expected);
});
