// A WebSocket of the web's platform, for the engine's port. The platform frames and parses, sends each message by itself, and
// reports no drain: who waits for one looks again and again. Hot path: no closure, no stored input.

import type { Frame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Clock } from "@sockeye/portable";
import { faults } from "@sockeye/websocket";
import type { PlainFrame } from "./plain-frame.ts";
import type { RuntimeBytes } from "./runtime.ts";
import type { WebSocketLike } from "./web.ts";

const OPEN = 1;
const CLOSING = 2;
const INTERNAL_ERROR = 1011;
/** The bytes of a UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;
/** Milliseconds between two looks at the backlog: the first, and the longest. */
const FIRST_LOOK = 1;
const LONGEST_LOOK = 50;

/** Of the platforms' errors those by which the network connection has ended; the others are violations of the protocol. */
const LOST = /EOF|reset|broken pipe|closed|disconnect|lost|^$/i;

/** What the raw sockets of a server share. */
export interface WebSocketContext {
  readonly runtime: {
    readonly clock: Clock;
    readonly bytes: Pick<RuntimeBytes, "byteLength" | "received">;
    surface(error: unknown): void;
  };
  /** Bytes of a message. */
  readonly limit: number;
}

function isTooLong(data: string | ArrayBuffer, { limit, runtime }: WebSocketContext): boolean {
  if (typeof data !== "string") return data.byteLength > limit;
  if (data.length > limit) return true;
  return WIDEST * data.length > limit && runtime.bytes.byteLength(data) > limit;
}

/** The raw socket of one connection, open from its construction on. */
export class WebRawSocket implements RawSocket {
  readonly needsRawFrames = false;
  readonly ws: WebSocketLike;
  readonly #context: WebSocketContext;
  #sink: RawSocketSink | null = null;
  #isLooking = false;

  constructor(ws: WebSocketLike, context: WebSocketContext) {
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

  sendPrepared({ data }: PlainFrame): number {
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
    if (this.#sink === null) return;
    const { limit, runtime } = this.#context;
    if (isTooLong(data, this.#context)) {
      const error = faults.tooLong(limit);
      this.#fail(error, error.closeCode, error.closeReason);
      return;
    }
    try {
      this.#sink.onFrame(typeof data === "string" ? data : runtime.bytes.received(data));
    } catch (error) {
      runtime.surface(error);
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
    this.#context.runtime.clock.after(delay, () => {
      if (this.#sink !== null && this.queuedBytes > 0) {
        this.#look(Math.min(2 * delay, LONGEST_LOOK));
        return;
      }
      this.#isLooking = false;
      this.#sink?.onDrain();
    });
  }

  /** Ends with a close frame, and reports the error. */
  #fail(error: Error, code: number, reason = ""): void {
    this.#shut(code, reason);
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
