// Adapts a WebSocket of `ws`, or of a replacement, to the engine's port: for connections that compress, and for servers
// with a `wsEngine`. The WebSocket frames, parses and answers control frames by itself.

import type { Frame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { RawData, WebSocket } from "ws";
import { surface } from "./engine/engine-hooks.ts";

const INTERNAL_ERROR = 1011;
const RAW: unique symbol = Symbol("sockeye.raw");

type Tagged = WebSocket & { [RAW]?: WsRawSocket };

// Named functions shared by all sockets: nothing is allocated per connection.
function onMessage(this: Tagged, data: RawData, isBinary: boolean): void {
  const bytes = data as Buffer;
  try {
    this[RAW]?.sink?.onFrame(isBinary ? bytes : bytes.toString("utf8"));
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
export class WsRawSocket implements RawSocket {
  readonly needsRawFrames = true;
  sink: RawSocketSink | null = null;
  readonly #ws: WebSocket;
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

  constructor(ws: WebSocket) {
    this.#ws = ws;
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

  send(frame: Frame, compress: boolean): void {
    const ws = this.#ws;
    if (ws.readyState !== ws.OPEN) return;
    this.#unsent++;
    ws.send(frame, { compress }, this.#onSent);
    if (ws.bufferedAmount > 0) this.#isWaiting = true;
  }

  /** Never called: `needsRawFrames`. */
  sendPrepared(): void {}

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
    surface(fault);
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
