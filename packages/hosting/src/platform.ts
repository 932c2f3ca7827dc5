// What the web's platform gives to every layer, on runtimes of which no more is known: time, errors and warnings, bytes.

import type { ServerPlatform } from "@sockeye/core";
import type { Clock } from "@sockeye/portable";
import type { DebugOutput } from "@sockeye/server";
import { portableBytes } from "@sockeye/websocket";
import { plainFrames } from "./plain-frame.ts";
import type { RuntimeBytes, WebRuntime } from "./runtime.ts";

/** Globals that some runtimes have, and others lack. */
const platform = globalThis as {
  readonly reportError?: (error: unknown) => void;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
};

/** Reports an error as uncaught, outside the current stack. */
function surface(error: unknown): void {
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
  framer: plainFrames,
  surface,
  warn: (text) => console.warn(text),
};

/** What the operator asked for by `DEBUG`, where there are such variables. */
export const debug: DebugOutput = {
  wanted: platform.process?.env?.["DEBUG"],
  print: (line) => console.error(`${new Date().toISOString()} ${line}`),
};

const encoder = new TextEncoder();

/** Bytes as Uint8Array, compressed by streams. */
const webBytes: RuntimeBytes = {
  bytes: portableBytes,
  view: (bytes) => bytes,
  encode: (text) => encoder.encode(text),
  // Polling answers are compressed with these alone.
  async compress(bytes, encoding) {
    const { body } = new Response(bytes as Uint8Array<ArrayBuffer>);
    const stream = body?.pipeThrough(new CompressionStream(encoding as "gzip" | "deflate"));
    return new Uint8Array(await new Response(stream ?? null).arrayBuffer());
  },
  received: (data) => new Uint8Array(data),
  byteLength: (text) => portableBytes.byteLength(text),
};

/** The web's platform as a runtime of requests, but for the client's address, which a Request does not have. */
export const webRuntime: Omit<WebRuntime<unknown>, "addressOf"> = {
  clock: webClock,
  bytes: webBytes,
  keepsHeaders: false,
  surface,
};
