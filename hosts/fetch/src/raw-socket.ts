// A WebSocket of the web's platform, for the engine's port. The platform frames and parses, and reports no drain: who waits
// for one looks again and again. Hot path: no closure, no stored input.

import type { Frame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import { faults, portableBytes } from "@sockeye/websocket";
import type { WebFrame } from "./runtime.ts";
import type { WebSocketLike } from "./web.ts";

const OPEN = 1;
const CLOSING = 2;
const TOO_LONG = 1009;
const INTERNAL_ERROR = 1011;
/** The bytes of a UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;
/** Milliseconds between two looks at the backlog: the first, and the longest. */
const FIRST_LOOK = 1;
const LONGEST_LOOK = 50;

/** Of the platforms' errors those by which the network connection has ended; the others are violations of the protocol. */
const LOST = /EOF|reset|broken pipe|closed|disconnect|lost|^$/i;

/** What the raw sockets of a server share. */
export interface RawSocketContext {
  readonly clock: Clock;
  /** Bytes of a message. */
  readonly limit: number;
  surface(error: unknown): void;
}

function isTooLong(data: string | ArrayBuffer, limit: number): boolean {
  if (typeof data !== "string") return data.byteLength > limit;
  if (data.length > limit) return true;
  return WIDEST * data.length > limit && portableBytes.byteLength(data) > limit;
}

/** The raw socket of one connection, open from its construction on. */
export class WebRawSocket implements RawSocket {
  readonly needsRawFrames = false;
  readonly ws: WebSocketLike;
  readonly #context: RawSocketContext;
  #sink: RawSocketSink | null = null;
  #isLooking = false;

  constructor(ws: WebSocketLike, context: RawSocketContext) {
    this.ws = ws;
    this.#context = context;
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#sink !== null && this.ws.readyState === OPEN;
  }

  get queuedBytes(): number {
    return this.ws.bufferedAmount ?? 0;
  }

  isWritable(): boolean {
    return this.isOpen && this.queuedBytes === 0;
  }

  send(frame: Frame): number {
    if (this.ws.readyState === OPEN) this.ws.send(frame);
    return this.queuedBytes;
  }

  sendPrepared({ data }: WebFrame): number {
    return this.send(data);
  }

  requestDrain(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#look(FIRST_LOOK);
  }

  close(): void {
    this.ws.close();
  }

  /** The platform cannot destroy a WebSocket: it is closed, and heard no more. */
  terminate(): void {
    this.#sink = null;
    this.ws.close();
  }

  /** A message has arrived. */
  onMessage(data: string | ArrayBuffer): void {
    const { limit, surface } = this.#context;
    if (this.#sink === null) return;
    if (isTooLong(data, limit)) {
      const error = faults.tooLong(limit);
      this.#fail(error, TOO_LONG);
      return;
    }
    try {
      this.#sink.onFrame(typeof data === "string" ? data : new Uint8Array(data));
    } catch (error) {
      surface(error);
      this.#fail(error instanceof Error ? error : new Error(String(error)), INTERNAL_ERROR);
    }
  }

  /** The client has closed. Some platforms leave the answer to its close frame to the program. */
  onClosed(): void {
    if (this.ws.readyState <= CLOSING) this.#shut();
    this.#end(null);
  }

  /** The platform reports an error. */
  onFailed(message: string): void {
    this.#end(LOST.test(message) ? null : new Error(`Invalid WebSocket frame: ${message}`));
  }

  #look(delay: number): void {
    this.#context.clock.after(delay, () => {
      if (this.#sink !== null && this.queuedBytes > 0) {
        this.#look(Math.min(2 * delay, LONGEST_LOOK));
        return;
      }
      this.#isLooking = false;
      this.#sink?.onDrain();
    });
  }

  #fail(error: Error & { readonly closeReason?: string }, code: number): void {
    this.#shut(code, error.closeReason ?? "");
    this.#end(error);
  }

  #shut(code?: number, reason?: string): void {
    try {
      this.ws.close(code, reason);
    } catch {
      // Closed meanwhile.
    }
  }

  #end(error: Error | null): void {
    const sink = this.#sink;
    this.#sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }
}

/** Passes the events of its WebSocket to a raw socket. */
export function follow(raw: WebRawSocket): void {
  const { ws } = raw;
  ws.binaryType = "arraybuffer";
  ws.addEventListener("message", (event) =>
    raw.onMessage((event as MessageEvent<string | ArrayBuffer>).data),
  );
  ws.addEventListener("close", () => raw.onClosed());
  ws.addEventListener("error", (event) =>
    raw.onFailed((event as { readonly message?: string } & Event).message ?? ""),
  );
}
