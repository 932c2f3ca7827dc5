// A WebSocket of Bun, for the engine's port. Bun frames and parses; this collects what is sent outside of the socket's own
// callback until the end of the turn. Hot path: no closure but for several frames at once, no stored input.

import type { Frame, RawSocket, RawSocketSink, Ticket } from "@sockeye/engine";
import type { Gateway, TurnBatch } from "@sockeye/server";
import { faults } from "@sockeye/websocket";
import type { BunWebSocket } from "./bun.ts";
import type { BunFrame } from "./runtime.ts";

/** A close frame without a code. */
const NO_CODE = 1005;
/** What Bun reports when there was no close frame, or when it has closed because of a violation. */
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;
/** When more bytes than this have been collected they are written within the turn. */
const HIGH_WATER = 262_144;

/** What the raw sockets of a server share. */
export interface RawSocketContext {
  readonly gateway: Gateway;
  readonly batch: TurnBatch;
  /** Bytes of a message. */
  readonly limit: number;
  /** Whether messages may be compressed. Then each is passed on at once, because it may say otherwise. */
  readonly compresses: boolean;
  surface(error: unknown): void;
}

/** The socket whose callback is running: what it sends leaves with what Bun writes after the callback. */
let current: BunRawSocket | null = null;

/** The error of a violation that Bun has found and answered by a close frame; `reason` is Bun's. */
function errorOf(reason: string, limit: number): Error {
  if (/too (big|large)/i.test(reason)) return faults.tooLong(limit);
  if (/utf-?8/i.test(reason)) return faults.notUtf8();
  return new Error(`Invalid WebSocket frame: ${reason}`);
}

/** The raw socket of one connection, from the handshake on. */
export class BunRawSocket implements RawSocket {
  readonly needsRawFrames = false;
  readonly #context: RawSocketContext;
  #ticket: Ticket | null;
  #ws: BunWebSocket | null = null;
  #sink: RawSocketSink | null = null;
  #pending: Frame[] = [];
  #pendingBytes = 0;
  /** Whether Bun has frames that wait for the client. */
  #isFull = false;

  constructor(ticket: Ticket, context: RawSocketContext) {
    this.#ticket = ticket;
    this.#context = context;
  }

  /** The handshake is complete. */
  open(ws: BunWebSocket): void {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    this.#ws = ws;
    current = this;
    try {
      this.#context.gateway.attach(ticket, this);
    } finally {
      current = null;
    }
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#ws !== null;
  }

  get queuedBytes(): number {
    if (!this.#isFull || this.#ws === null) return this.#pendingBytes;
    return this.#pendingBytes + this.#ws.getBufferedAmount();
  }

  isWritable(): boolean {
    return this.#ws !== null && this.queuedBytes === 0;
  }

  send(frame: Frame, compress: boolean): number {
    if (this.#isPassedOn()) this.#put(frame, compress);
    // Kept beyond this call: bytes of the application may change.
    else this.#keep(typeof frame === "string" ? frame : new Uint8Array(frame));
    return this.queuedBytes;
  }

  sendPrepared({ data }: BunFrame): number {
    if (this.#isPassedOn()) this.#put(data, true);
    else this.#keep(data);
    return this.queuedBytes;
  }

  requestDrain(): void {
    this.flush();
    if (this.queuedBytes === 0) this.#sink?.onDrain();
    // Otherwise `onWritten` follows: what waits after a flush waits in Bun.
  }

  /** Writes what was collected. */
  flush(): void {
    const ws = this.#ws;
    const frames = this.#pending;
    if (frames.length === 0) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (ws === null) return;
    if (frames.length === 1) this.#put(frames[0] as Frame, true);
    else
      ws.cork(() => {
        for (const frame of frames) this.#put(frame, true);
      });
  }

  close(): void {
    this.flush();
    this.#ws?.close(NO_CODE);
  }

  terminate(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#ws?.terminate();
  }

  /** A message has arrived. */
  onMessage(message: Frame): void {
    current = this;
    try {
      this.#sink?.onFrame(message);
    } catch (error) {
      this.#onFault(error);
    } finally {
      current = null;
    }
  }

  /** Bun has written some of what waited. */
  onWritten(): void {
    if (this.#ws === null || this.#ws.getBufferedAmount() > 0) return;
    this.#isFull = false;
    this.#sink?.onDrain();
  }

  /** The WebSocket has closed; `code` and `reason` are Bun's. */
  onClosed(code: number, reason: string): void {
    const sink = this.#sink;
    this.#ws = null;
    this.#sink = null;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (code === ABNORMAL && reason !== "") sink?.onError(errorOf(reason, this.#context.limit));
    else sink?.onClose();
  }

  /** Whether a frame is passed to Bun at once: it is written with others after the callback, and nothing waits before it. */
  #isPassedOn(): boolean {
    if (this.#pending.length > 0) return false;
    return current === this || this.#context.compresses;
  }

  #put(frame: Frame, compress: boolean): void {
    const ws = this.#ws;
    if (ws === null) return;
    if (ws.send(frame, compress && this.#context.compresses) <= 0) this.#isFull = true;
  }

  #keep(frame: Frame): void {
    if (this.#ws === null) return;
    if (this.#pending.length === 0) this.#context.batch.add(this);
    this.#pending.push(frame);
    this.#pendingBytes += frame.length;
    if (this.#pendingBytes > HIGH_WATER) this.flush();
  }

  /** The receiver of a message has thrown. */
  #onFault(fault: unknown): void {
    this.#context.surface(fault);
    const sink = this.#sink;
    this.#sink = null;
    this.#ws?.close(INTERNAL_ERROR);
    sink?.onError(fault instanceof Error ? fault : new Error(String(fault)));
  }
}
