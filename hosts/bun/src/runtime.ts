// What Bun gives to every layer: time, the end of a turn, errors and warnings.

import { channel } from "node:diagnostics_channel";
import type { ServerPlatform } from "@sockeye/core";
import type { Frame, PreparedFrame } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import { TurnBatch } from "@sockeye/server";

/** Rethrows an error as uncaught, outside the current stack. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** The clock of this process. */
const clock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** What is written at the end of a turn, by all servers. */
export const batch: TurnBatch = new TurnBatch((callback) => void setImmediate(callback), surface);

/** A frame for many receivers. Bun frames it by itself: only the application's bytes are copied. */
export class BunFrame implements PreparedFrame {
  readonly data: Frame;
  readonly bytes: number;

  constructor(frame: Frame) {
    this.data = typeof frame === "string" ? frame : new Uint8Array(frame);
    this.bytes = frame.length;
  }
}

/** The services of Bun. */
export const bunPlatform: ServerPlatform = {
  clock,
  // Timers that do not keep the process alive.
  idleClock: {
    ...clock,
    after(delay, callback) {
      const timer = setTimeout(callback, delay);
      timer.unref();
      return () => clearTimeout(timer);
    },
  },
  framer: { prepare: (frame) => new BunFrame(frame) },
  copiesFrames: true,
  collect: (flushable) => batch.add(flushable),
  // The batch may have been scheduled after this.
  afterTurn: (callback) => void setImmediate(() => void setImmediate(callback)),
  surface,
  warn: (text) => process.emitWarning(text, "SockeyeWarning"),
  channel: (name) => channel(name),
};
