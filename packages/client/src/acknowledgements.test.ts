// What a socket keeps for the sake of acknowledgements, with fake transports.

import { afterEach, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { RetryingSocket } from "./retrying-socket.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The callbacks that are kept in maps by number, in everything that `action` has to do with. */
function keptBy(action: () => void): number {
  const set = vi.spyOn(Map.prototype, "set");
  action();
  const maps = set.mock.contexts.filter((_, at) => typeof set.mock.calls[at]?.[0] === "number");
  set.mockRestore();
  return [...new Set(maps as Map<unknown, unknown>[])].reduce((sum, { size }) => sum + size, 0);
}

test.each(["connected", "not connected"])(
  "CL102 %s, nothing is kept for an event that cannot be encoded",
  (state) => {
    const platform = fakePlatform("websocket");
    const socket = new Manager("http://here", {}, platform).socket("/");
    if (state === "connected") {
      platform.made[0]!.receive(handshake());
      platform.made[0]!.receive('40{"sid":"S"}');
      platform.made[0]!.drain();
    }
    expect(keptBy(() => socket.emit("good", () => {}))).toBe(1);
    const kept = keptBy(() => {
      expect(() => socket.emit("bad", 1n, () => {})).toThrow(TypeError);
      expect(() => socket.timeout(1000).emit("bad", 1n, () => {})).toThrow(TypeError);
      socket.emit("good again", () => {});
    });
    // The good ones alone.
    expect(kept).toBe(2);
    expect(socket.sendBuffer).toHaveLength(state === "connected" ? 0 : 2);
  },
);

test("a listener of what is sent that disconnects: the acknowledgement fails", async () => {
  const platform = fakePlatform("websocket");
  const socket = new Manager("http://here", {}, platform).socket("/");
  platform.made[0]!.receive(handshake());
  platform.made[0]!.receive('40{"sid":"S"}');
  (socket as RetryingSocket).onAnyOutgoing(() => void socket.disconnect());
  await expect(socket.emitWithAck("question")).rejects.toThrow("socket has been disconnected");
});

test("CL102 `emitWithAck` of what cannot be encoded rejects", async () => {
  const socket = new Manager("http://here", {}, fakePlatform("websocket")).socket("/");
  await expect(socket.emitWithAck("bad", 1n)).rejects.toThrow(TypeError);
});

test("CL102 no timer is left of an event that cannot be encoded", () => {
  vi.useFakeTimers();
  try {
    const socket = new Manager("http://here", {}, fakePlatform("websocket")).socket("/");
    const before = vi.getTimerCount();
    const ack = vi.fn();
    expect(() => socket.timeout(1000).emit("bad", 1n, ack)).toThrow(TypeError);
    expect(vi.getTimerCount()).toBe(before);
    expect(ack).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});
