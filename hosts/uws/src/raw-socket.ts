// A WebSocket of uWebSockets.js, for the engine's port. uWebSockets.js frames and parses; this collects what is sent
// outside of the socket's own callback until the end of the turn. Hot path: no closure but for several frames at once.

import { isAscii } from "node:buffer";
import type { Frame, RawSocket, RawSocketSink, Ticket } from "@sockeye/engine";
import { nodeBytes } from "@sockeye/node/kit";
import type { Gateway, TurnBatch } from "@sockeye/server";
import { faults } from "@sockeye/websocket";
import { UwsFrame } from "./runtime.ts";
import type { UwsWebSocket } from "./uws.ts";

/** What `send` returns for a frame that was passed on without waiting. */
const PASSED_ON = 1;
/** What `close` reports when there was no close frame. */
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;
/** When more bytes than this have been collected they are written within the turn. */
const HIGH_WATER = 262_144;
/** Shorter text is decoded without a check for ASCII, which would cost more than it saves. */
const SHORT_TEXT = 64;

/** What the raw sockets of a server share. */
export interface RawSocketContext {
  readonly gateway: Gateway;
  readonly batch: TurnBatch;
  /** Bytes of the longest message. */
  readonly limit: number;
  /** Whether messages may be compressed. Then each is passed on at once, because it may say otherwise. */
  readonly compresses: boolean;
  surface(error: unknown): void;
}

type Kept = Frame | UwsFrame;

/** The text of bytes that uWebSockets.js has found to be UTF-8. */
function textOf(bytes: Buffer): string {
  const { length } = bytes;
  return length > SHORT_TEXT && isAscii(bytes)
    ? nodeBytes.latin1(bytes, 0, length)
    : nodeBytes.utf8(bytes, 0, length);
}

/** The error of a violation that uWebSockets.js has ended the connection for; `null`: the client has just gone. */
function errorOf(code: number, reason: string, limit: number): Error | null {
  if (code !== ABNORMAL || reason === "" || reason.includes("FIN")) return null;
  if (reason.includes("too big")) return faults.tooLong(limit);
  if (reason.includes("UTF-8")) return faults.notUtf8();
  return new Error(`Invalid WebSocket frame: ${reason}`);
}

/** The raw socket of one connection, from the handshake on. */
export class UwsRawSocket implements RawSocket {
  readonly #context: RawSocketContext;
  #ticket: Ticket | null;
  #ws: UwsWebSocket | null = null;
  #sink: RawSocketSink | null = null;
  /** Whether its callback is running: what it sends is written with what it has sent before, when that returns. */
  #isCorked = false;
  /** Whether frames wait for the client in uWebSockets.js. */
  #isFull = false;
  #isDrainWanted = false;
  /** What is written at the end of the turn: mostly one frame, and then the others. */
  #first: Kept | null = null;
  #others: Kept[] | null = null;
  #pendingBytes = 0;

  constructor(ticket: Ticket, context: RawSocketContext) {
    this.#ticket = ticket;
    this.#context = context;
  }

  get needsRawFrames(): boolean {
    return false;
  }

  /** The handshake is complete. */
  onOpen(ws: UwsWebSocket): void {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    this.#ws = ws;
    this.#isCorked = true;
    try {
      this.#context.gateway.attach(ticket, this);
    } catch (error) {
      this.#onFault(error);
    }
    this.#isCorked = false;
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#ws !== null;
  }

  get queuedBytes(): number {
    return this.#pendingBytes + (this.#ws?.getBufferedAmount() ?? 0);
  }

  isWritable(): boolean {
    return this.#ws !== null && this.queuedBytes === 0;
  }

  send(frame: Frame, compress: boolean): number {
    const isBinary = typeof frame !== "string";
    if (this.#isPassedOn()) this.#put(frame, isBinary, compress);
    // Kept beyond this call: bytes of the application may change.
    else this.#keep(isBinary ? Buffer.from(frame) : frame, frame.length);
    return this.#backlog();
  }

  sendPrepared(frame: UwsFrame): number {
    if (this.#isPassedOn()) this.#put(frame.data, frame.isBinary, true);
    else this.#keep(frame, frame.bytes);
    return this.#backlog();
  }

  requestDrain(): void {
    if (this.#ws === null) return;
    this.#isDrainWanted = true;
    // What was sent in the socket's own callback is counted only after it.
    if (this.#first === null) this.#context.batch.add(this);
  }

  /** The end of the turn: writes what was collected. */
  flush(): void {
    this.#write();
    if (this.#isDrainWanted && this.#ws?.getBufferedAmount() === 0) this.#drained();
  }

  close(): void {
    this.#write();
    this.#ws?.end();
  }

  terminate(): void {
    this.#forget();
    this.#ws?.close();
  }

  /** A message has arrived; its bytes are valid during the call. */
  onMessage(message: ArrayBuffer, isBinary: boolean): void {
    if (message.byteLength > this.#context.limit) {
      const error = faults.tooLong(this.#context.limit);
      this.#fail(error, error.closeCode, error.closeReason);
      return;
    }
    const bytes = Buffer.from(message);
    this.#isCorked = true;
    try {
      this.#sink?.onFrame(isBinary ? Buffer.from(bytes) : textOf(bytes));
    } catch (error) {
      this.#onFault(error);
    }
    this.#isCorked = false;
  }

  /** uWebSockets.js has written some of what waited. */
  onWritten(): void {
    if (this.#ws?.getBufferedAmount() === 0) this.#drained();
  }

  /** The WebSocket has closed: none of its methods may be called. */
  onClosed(code: number, reason: ArrayBuffer): void {
    this.#ws = null;
    this.#forget();
    const sink = this.#sink;
    this.#sink = null;
    const error = errorOf(code, Buffer.from(reason).toString(), this.#context.limit);
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }

  /** Whether a frame is passed on at once: nothing waits before it, and it is written with others after the callback. */
  #isPassedOn(): boolean {
    return this.#first === null && (this.#isCorked || this.#context.compresses);
  }

  /** What waits, as far as it is known without asking. */
  #backlog(): number {
    return this.#isFull ? this.queuedBytes : this.#pendingBytes;
  }

  #put(data: Frame | ArrayBuffer, isBinary: boolean, compress: boolean): void {
    const ws = this.#ws;
    if (ws === null) return;
    const outcome =
      compress && this.#context.compresses
        ? ws.send(data, isBinary, true)
        : ws.send(data, isBinary);
    if (outcome !== PASSED_ON) this.#isFull = true;
  }

  #keep(frame: Kept, bytes: number): void {
    if (this.#ws === null) return;
    if (this.#first === null) {
      this.#first = frame;
      this.#context.batch.add(this);
    } else {
      this.#others ??= [];
      this.#others.push(frame);
    }
    this.#pendingBytes += bytes;
    if (this.#pendingBytes > HIGH_WATER) this.#write();
  }

  #write(): void {
    const first = this.#first;
    const others = this.#others;
    if (first === null) return;
    this.#forget();
    if (others === null) {
      this.#putKept(first);
      return;
    }
    this.#ws?.cork(() => {
      this.#putKept(first);
      for (const frame of others) this.#putKept(frame);
    });
  }

  #putKept(frame: Kept): void {
    if (frame instanceof UwsFrame) this.#put(frame.data, frame.isBinary, true);
    else this.#put(frame, typeof frame !== "string", true);
  }

  #forget(): void {
    this.#first = null;
    this.#others = null;
    this.#pendingBytes = 0;
  }

  #drained(): void {
    this.#isFull = false;
    this.#isDrainWanted = false;
    this.#sink?.onDrain();
  }

  /** The receiver of a message has thrown. */
  #onFault(fault: unknown): void {
    this.#context.surface(fault);
    this.#fail(fault instanceof Error ? fault : new Error(String(fault)), INTERNAL_ERROR);
  }

  /** Ends with a close frame, and reports the error. */
  #fail(error: Error, code: number, reason = ""): void {
    const sink = this.#sink;
    this.#sink = null;
    this.#forget();
    this.#ws?.end(code, reason);
    sink?.onError(error);
  }
}
