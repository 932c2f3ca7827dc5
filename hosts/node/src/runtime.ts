// What Node gives to every layer: time, the end of a turn, errors and warnings.

import { channel } from "node:diagnostics_channel";
import { getHeapStatistics } from "node:v8";
import type { ServerPlatform } from "@sockeye/core";
import type { Clock } from "@sockeye/portable";
import type { DebugOutput } from "@sockeye/server";
import { nodeFrames } from "./bytes.ts";

/** Rethrows an error as uncaught, outside the current stack. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** The clock of this process. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** The services of Node. */
export const nodePlatform: ServerPlatform = {
  clock: nodeClock,
  // Timers that do not keep the process alive.
  idleClock: {
    ...nodeClock,
    after(delay, callback) {
      const timer = setTimeout(callback, delay).unref();
      return () => clearTimeout(timer);
    },
  },
  framer: { prepare: (frame) => nodeFrames.share(frame) },
  afterTurn: setImmediate,
  heapLimit: getHeapStatistics().heap_size_limit,
  surface,
  warn: (text) => process.emitWarning(text, "SockeyeWarning"),
  channel: (name) => channel(name),
};

/** What `DEBUG` asks for, on the standard error. */
export const nodeDebug: DebugOutput = {
  wanted: process.env["DEBUG"],
  print: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
};
