// A raw socket over a runtime that writes several frames at once when they are sent under a cork: what is sent outside of
// the socket's own callback is collected until the end of the turn. Hot path: no closure but for several frames at once.

import type { Frame, RawSocket } from "@sockeye/engine";
import type { TurnBatch } from "@sockeye/server";
import { FramedSocket } from "./framed-socket.ts";
import type { PlainFrame } from "./plain-frame.ts";

/** When more bytes than this have been collected they are written within the turn. */
const HIGH_WATER = 262_144;

/** The socket whose callback is running: what it sends leaves with what the runtime writes after the callback. */
let current: unknown = null;

/** The used part of a WebSocket whose frames are written together under a cork. */
export interface CorkedWebSocket {
  /** Calls back; what is sent meanwhile is written together. */
  cork(callback: () => void): unknown;
  /** Bytes that wait for the client. */
  getBufferedAmount(): number;
}

/** What such sockets of a server share. */
export interface CollectedContext {
  readonly batch: TurnBatch;
  /** Whether messages may be compressed. Then each is passed on at once, because it may say otherwise. */
  readonly compresses: boolean;
  surface(error: unknown): void;
}

/** The raw socket of one connection. */
export abstract class CollectedSocket<WebSocket extends CorkedWebSocket>
  extends FramedSocket
  implements RawSocket
{
  /** The WebSocket, while it is open. */
  protected ws: WebSocket | null = null;
  readonly #context: CollectedContext;
  #pending: Frame[] = [];
  #pendingBytes = 0;
  /** Whether the runtime has frames that wait for the client. */
  #isFull = false;

  constructor(context: CollectedContext) {
    super(context.surface);
    this.#context = context;
  }

  /** Passes a frame to the runtime. Returns whether it has to wait for the client. */
  protected abstract put(ws: WebSocket, frame: Frame, compress: boolean): boolean;

  get isOpen(): boolean {
    return this.ws !== null;
  }

  get queuedBytes(): number {
    if (!this.#isFull || this.ws === null) return this.#pendingBytes;
    return this.#pendingBytes + this.ws.getBufferedAmount();
  }

  isWritable(): boolean {
    return this.ws !== null && this.queuedBytes === 0;
  }

  send(frame: Frame, compress: boolean): number {
    if (this.#isPassedOn()) this.#put(frame, compress);
    // Kept beyond this call: bytes of the application may change.
    else this.#keep(typeof frame === "string" ? frame : new Uint8Array(frame));
    return this.queuedBytes;
  }

  sendPrepared({ data }: PlainFrame): number {
    if (this.#isPassedOn()) this.#put(data, true);
    else this.#keep(data);
    return this.queuedBytes;
  }

  requestDrain(): void {
    this.flush();
    if (this.queuedBytes === 0) this.sink?.onDrain();
    // Otherwise `onWritten` follows: what waits after a flush waits in the runtime.
  }

  /** Writes what was collected. */
  flush(): void {
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.forget();
    if (this.ws === null) return;
    if (frames.length === 1) this.#put(frames[0] as Frame, true);
    else
      this.ws.cork(() => {
        for (const frame of frames) this.#put(frame, true);
      });
  }

  abstract close(): void;
  abstract terminate(): void;

  /** The runtime has written some of what waited. */
  onWritten(): void {
    if (this.ws === null || this.ws.getBufferedAmount() > 0) return;
    this.#isFull = false;
    this.sink?.onDrain();
  }

  /** Runs `callback` as the socket's own: what it sends is passed on at once. */
  protected within(callback: () => void): void {
    current = this;
    try {
      callback();
    } finally {
      current = null;
    }
  }

  protected override receive(frame: Frame): void {
    current = this;
    try {
      super.receive(frame);
    } finally {
      current = null;
    }
  }

  /** Drops what was collected. */
  protected forget(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** Whether a frame is passed on at once: it is written with others after the callback, and nothing waits before it. */
  #isPassedOn(): boolean {
    if (this.#pending.length > 0) return false;
    return current === this || this.#context.compresses;
  }

  #put(frame: Frame, compress: boolean): void {
    const { ws } = this;
    if (ws !== null && this.put(ws, frame, compress && this.#context.compresses))
      this.#isFull = true;
  }

  #keep(frame: Frame): void {
    if (this.ws === null) return;
    if (this.#pending.length === 0) this.#context.batch.add(this);
    this.#pending.push(frame);
    this.#pendingBytes += frame.length;
    if (this.#pendingBytes > HIGH_WATER) this.flush();
  }
}
