// What differs between runtimes that speak Request and Response. Holds types only.

import type { Clock } from "@sockeye/portable";
import type { WebMeans } from "@sockeye/server";

/** The kind of bytes that applications on a runtime know. `B`: its class. */
export interface RuntimeBytes<B extends Uint8Array = Uint8Array>
  extends Omit<WebMeans<Response, B>, "responseOf" | "surface"> {
  /** A message of a WebSocket: the same memory. */
  received(data: ArrayBuffer): B;
  /** Bytes of a text in UTF-8. */
  byteLength(text: string): number;
}

/** A runtime. `Native`: what it calls its handler with besides the request. */
export interface WebRuntime<Native> {
  readonly clock: Clock;
  readonly bytes: RuntimeBytes;
  /** Whether headers can be read once the request was answered. Otherwise those of a request that begins a session are read at once. */
  readonly keepsHeaders: boolean;
  /** The client's address. */
  addressOf(request: Request, native: Native): string;
  /** A poll waits, for longer perhaps than the runtime lets a connection be idle. */
  onWait?(request: Request, native: Native): void;
  /** Reports an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
}
