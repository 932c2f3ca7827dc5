// The services of runtimes that have Node's modules: time, the end of a turn, errors, warnings and diagnostics channels.

import { channel } from "node:diagnostics_channel";
import process from "node:process";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { ServerPlatform } from "@sockeye/core";
import type { Clock } from "@sockeye/portable";
import type { DebugOutput } from "@sockeye/server";

/** Rethrows an error as uncaught, outside the current stack. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** The clock of this process. */
export const clock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** What is left to a host is `framer`, and how it collects. */
export const services: Omit<ServerPlatform, "framer"> = {
  clock,
  // Timers that do not keep the process alive.
  idleClock: {
    ...clock,
    after(delay, callback) {
      const timer = setTimeout(callback, delay).unref();
      return () => clearTimeout(timer);
    },
  },
  afterTurn: (callback) => void setImmediate(callback),
  surface,
  warn: (text) => process.emitWarning(text, "SockeyeWarning"),
  channel: (name) => channel(name),
};

/** `DEBUG`; where a permission to read it is missing, nothing is printed. */
function wanted(): string | undefined {
  try {
    return process.env["DEBUG"];
  } catch {
    return undefined;
  }
}

/** What `DEBUG` asks for, on the standard error. */
export const debug: DebugOutput = {
  wanted: wanted(),
  print: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
};
