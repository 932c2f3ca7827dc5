// Adapts a WebSocket with the methods of those of the package `ws` to the engine's port. It frames, parses and answers
// control frames by itself: a host uses one for connections that compress, or one that the application brings.

import type { Frame, RawSocket, RawSocketSink } from "@sockeye/engine";

const INTERNAL_ERROR = 1011;
const RAW: unique symbol = Symbol("sockeye.raw");

/** The used part of a WebSocket of `ws`, and of its replacements. */
export interface EventedSocket {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  on(event: string, listener: (this: never, ...args: never[]) => void): unknown;
  send(frame: Frame, options: { readonly compress: boolean }, onSent: () => void): void;
  close(code?: number): void;
  terminate(): void;
}

type Tagged = EventedSocket & { [RAW]?: EventedRawSocket };

// Named functions shared by all sockets: nothing is allocated per connection.
// `String` of bytes is `toString` of the runtime's class of them, in UTF-8.
function onMessage(this: Tagged, data: Uint8Array, isBinary: boolean): void {
  try {
    this[RAW]?.sink?.onFrame(isBinary ? data : String(data));
  } catch (error) {
    this[RAW]?.onFault(error);
  }
}

function onClose(this: Tagged): void {
  this[RAW]?.ended(null);
}

function onError(this: Tagged, error: Error): void {
  this[RAW]?.ended(error);
}

/** The raw socket of one such connection. */
export class EventedRawSocket implements RawSocket {
  readonly needsRawFrames = true;
  sink: RawSocketSink | null = null;
  readonly #ws: EventedSocket;
  readonly #surface: (error: unknown) => void;
  /** Number of frames whose callback is pending. */
  #unsent = 0;
  /** Whether frames had to wait for the client since the last drain. */
  #isWaiting = false;
  readonly #onSent = (): void => {
    this.#unsent--;
    if (this.#unsent > 0 || !this.#isWaiting) return;
    this.#isWaiting = false;
    this.sink?.onDrain();
  };

  /** `surface` rethrows an error as uncaught, outside the current stack. */
  constructor(ws: EventedSocket, surface: (error: unknown) => void) {
    this.#ws = ws;
    this.#surface = surface;
  }

  /** Starts reporting to `sink`. */
  listen(sink: RawSocketSink): void {
    this.sink = sink;
    const ws = this.#ws as Tagged;
    ws[RAW] = this;
    ws.on("message", onMessage);
    ws.on("close", onClose);
    ws.on("error", onError);
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  isWritable(): boolean {
    return this.#unsent === 0 && this.#ws.readyState === this.#ws.OPEN;
  }

  send(frame: Frame, compress: boolean): number {
    const ws = this.#ws;
    if (ws.readyState !== ws.OPEN) return ws.bufferedAmount;
    this.#unsent++;
    ws.send(frame, { compress }, this.#onSent);
    const { bufferedAmount } = ws;
    if (bufferedAmount > 0) this.#isWaiting = true;
    return bufferedAmount;
  }

  /** Never called: `needsRawFrames`. */
  sendPrepared(): number {
    return this.queuedBytes;
  }

  requestDrain(): void {
    if (this.#unsent === 0) this.sink?.onDrain();
    else this.#isWaiting = true;
  }

  close(): void {
    this.#ws.close();
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** The receiver of a message has thrown. `ws` would neither read on nor close. */
  onFault(fault: unknown): void {
    this.#surface(fault);
    this.#ws.close(INTERNAL_ERROR);
    this.ended(fault instanceof Error ? fault : new Error(String(fault)));
  }

  /** The WebSocket has closed. */
  ended(error: Error | null): void {
    const { sink } = this;
    this.sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }
}
