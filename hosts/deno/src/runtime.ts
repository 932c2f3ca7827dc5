// What Deno gives to every layer: time, the end of a turn, errors and warnings.

import { channel } from "node:diagnostics_channel";
import process from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { ServerPlatform } from "@sockeye/core";
import type { Frame, PreparedFrame } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";

/** Rethrows an error as uncaught, outside the current stack. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** The clock of this process. */
export const denoClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** A frame for many receivers. Deno frames it by itself. */
export class DenoFrame implements PreparedFrame {
  readonly data: Frame;
  readonly bytes: number;

  constructor(frame: Frame) {
    this.data = frame;
    this.bytes = frame.length;
  }
}

/** The services of Deno. */
export const denoPlatform: ServerPlatform = {
  clock: denoClock,
  // Timers that do not keep the process alive.
  idleClock: {
    ...denoClock,
    after(delay, callback) {
      const timer = setTimeout(callback, delay).unref();
      return () => clearTimeout(timer);
    },
  },
  framer: { prepare: (frame) => new DenoFrame(frame) },
  afterTurn: (callback) => void setImmediate(callback),
  surface,
  warn: (text) => process.emitWarning(text, "SockeyeWarning"),
  channel: (name) => channel(name),
};
