// What the web's platform gives to every layer: time, errors and warnings. Frames go to a WebSocket as they are.

import type { ServerPlatform } from "@sockeye/core";
import type { Frame, PreparedFrame } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import type { DebugOutput } from "@sockeye/server";

/** Globals that some runtimes have, and others lack. */
const platform = globalThis as {
  readonly reportError?: (error: unknown) => void;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
};

/** Reports an error as uncaught, outside the current stack. */
export function surface(error: unknown): void {
  setTimeout(() => {
    if (platform.reportError === undefined) throw error;
    platform.reportError(error);
  });
}

/** The clock of this program. */
export const webClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** A frame for many receivers. The platform frames it. */
export class WebFrame implements PreparedFrame {
  readonly data: Frame;
  readonly bytes: number;

  constructor(frame: Frame) {
    this.data = frame;
    this.bytes = frame.length;
  }
}

/** The services of the web's platform. */
export const webPlatform: ServerPlatform = {
  clock: webClock,
  // Where timers keep a process alive, these do not.
  idleClock: {
    ...webClock,
    after(delay, callback) {
      const timer: unknown = setTimeout(callback, delay);
      (timer as { unref?(): void }).unref?.();
      return () => clearTimeout(timer as number);
    },
  },
  framer: { prepare: (frame) => new WebFrame(frame) },
  surface,
  warn: (text) => console.warn(text),
};

/** What the operator asked for by `DEBUG`, where there are such variables. */
export const debug: DebugOutput = {
  wanted: platform.process?.env?.["DEBUG"],
  print: (line) => console.error(`${new Date().toISOString()} ${line}`),
};
