// A WebSocket of a runtime that frames and parses by itself, for the engine's port: what is sent outside of the socket's own
// callback is collected until the end of the turn, and what waits for the client is known with as few native calls as
// possible. A host extends it with the calls of its runtime. Hot path: no closure but for several frames at once.

import type { Frame, PreparedFrame, RawSocket, RawSocketSink, Ticket } from "@sockeye/engine";
import { faults } from "@sockeye/websocket";
import type { Gateway } from "../gateway.ts";
import type { TurnBatch } from "../turn-batch.ts";

const INTERNAL_ERROR = 1011;
/** When more bytes than this have been collected they are written within the turn. */
const HIGH_WATER = 262_144;

/** What the message sockets of a server share. */
export interface MessageSocketContext {
  readonly gateway: Gateway;
  readonly batch: TurnBatch;
  /** Bytes of the longest message. */
  readonly limit: number;
  /** Whether messages may be compressed. Then each is passed on at once, because it may say otherwise. */
  readonly compresses: boolean;
  /** Rethrows an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
}

/**
 * Whether frames wait for the client in the runtime. `unknown`: what a corked socket is given is counted only when it is
 * uncorked, so that the runtime has to be asked.
 */
type Waiting = "nothing" | "unknown" | "something";

/** The error of a violation that the runtime has found; `reason` is the runtime's. */
export function violation(reason: string, limit: number): Error {
  if (/too (big|large)/i.test(reason)) return faults.tooLong(limit);
  if (/utf-?8/i.test(reason)) return faults.notUtf8();
  return new Error(`Invalid WebSocket frame: ${reason}`);
}

/** What a WebSocket of the runtime has. */
export interface MessageWebSocket {
  /** Runs a callback that passes several frames on, so that they are written at once. */
  cork(callback: () => void): unknown;
  /** Bytes that wait for the client in the runtime. */
  getBufferedAmount(): number;
}

/** The raw socket of one connection, from the handshake on. `Ws`: the runtime's WebSocket. */
export abstract class MessageSocket<Ws extends MessageWebSocket, Prepared extends PreparedFrame>
  implements RawSocket
{
  protected readonly context: MessageSocketContext;
  #ticket: Ticket | null;
  #ws: Ws | null = null;
  #sink: RawSocketSink | null = null;
  /** Whether its callback is running: what it sends is written with what it has sent before, when that returns. */
  #isCorked = false;
  #waiting: Waiting = "nothing";
  #isDrainWanted = false;
  /** What is written at the end of the turn: mostly one frame, and then the others. */
  #first: Frame | Prepared | null = null;
  #others: (Frame | Prepared)[] | null = null;
  #pendingBytes = 0;

  constructor(ticket: Ticket, context: MessageSocketContext) {
    this.#ticket = ticket;
    this.context = context;
  }

  /** Whether `put` says so of a corked socket, too. Otherwise the runtime is asked when the socket was uncorked. */
  protected get isExact(): boolean {
    return false;
  }
  /** Passes a frame on, which the runtime copies; returns whether it waits for the client. */
  protected abstract put(ws: Ws, frame: Frame | Prepared, compress: boolean): boolean;
  /** Writes a close frame; by default without a code. */
  protected abstract end(ws: Ws, code?: number, reason?: string): void;
  /** Destroys the connection. */
  protected abstract destroy(ws: Ws): void;

  get needsRawFrames(): boolean {
    return false;
  }

  /** The handshake is complete. */
  onOpen(ws: Ws): void {
    const ticket = this.#ticket;
    if (ticket === null) return;
    this.#ticket = null;
    this.#ws = ws;
    this.#isCorked = true;
    try {
      this.context.gateway.attach(ticket, this);
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
    const ws = this.#ws;
    if (ws === null || this.#waiting === "nothing") return this.#pendingBytes;
    return this.#pendingBytes + ws.getBufferedAmount();
  }

  isWritable(): boolean {
    const ws = this.#ws;
    if (ws === null || this.#first !== null || this.#waiting === "something") return false;
    if (this.#waiting === "nothing") return true;
    if (ws.getBufferedAmount() > 0) {
      this.#waiting = "something";
      return false;
    }
    if (!this.#isCorked) this.#waiting = "nothing";
    return true;
  }

  send(frame: Frame, compress: boolean): number {
    if (this.#isPassedOn()) this.#put(frame, compress);
    // Kept beyond this call: bytes of the application may change.
    else this.#keep(typeof frame === "string" ? frame : new Uint8Array(frame), frame.length);
    return this.#backlog();
  }

  sendPrepared(frame: Prepared): number {
    if (this.#isPassedOn()) this.#put(frame, true);
    else this.#keep(frame, frame.bytes);
    return this.#backlog();
  }

  requestDrain(): void {
    if (this.#ws === null) return;
    this.#isDrainWanted = true;
    // What was sent in the socket's own callback is counted only after it.
    if (this.#first === null) this.context.batch.add(this);
  }

  /** The end of the turn: writes what was collected. */
  flush(): void {
    this.#write();
    if (this.#isDrainWanted) this.onWritten();
  }

  close(): void {
    this.#write();
    if (this.#ws !== null) this.end(this.#ws);
  }

  terminate(): void {
    this.#forget();
    if (this.#ws !== null) this.destroy(this.#ws);
  }

  /** The runtime has written some of what waited. */
  onWritten(): void {
    const ws = this.#ws;
    if (ws === null || ws.getBufferedAmount() > 0) return;
    this.#waiting = "nothing";
    this.#isDrainWanted = false;
    this.#sink?.onDrain();
  }

  /** The WebSocket has closed: none of its methods is called any more. */
  onClosed(error: Error | null): void {
    this.#ws = null;
    this.#forget();
    const sink = this.#sink;
    this.#sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }

  /** A message has arrived. */
  protected receive(frame: Frame): void {
    this.#isCorked = true;
    try {
      this.#sink?.onFrame(frame);
    } catch (error) {
      this.#onFault(error);
    }
    this.#isCorked = false;
  }

  /** A message above the limit has arrived. */
  protected refuse(): void {
    const error = faults.tooLong(this.context.limit);
    this.#fail(error, error.closeCode, error.closeReason);
  }

  /** Whether a frame is passed on at once: nothing waits before it, and it is written with others after the callback. */
  #isPassedOn(): boolean {
    return this.#first === null && (this.#isCorked || this.context.compresses);
  }

  /** What waits, as far as it is known without asking. */
  #backlog(): number {
    return this.#waiting === "something" ? this.queuedBytes : this.#pendingBytes;
  }

  #put(frame: Frame | Prepared, compress: boolean): void {
    const ws = this.#ws;
    if (ws === null) return;
    if (this.put(ws, frame, compress && this.context.compresses)) this.#waiting = "something";
    else if (!this.isExact && (this.#isCorked || this.#waiting === "something"))
      this.#waiting = "unknown";
  }

  #keep(frame: Frame | Prepared, bytes: number): void {
    if (this.#ws === null) return;
    if (this.#first === null) {
      this.#first = frame;
      this.context.batch.add(this);
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
    const ws = this.#ws;
    if (first === null) return;
    this.#forget();
    if (ws === null) return;
    if (others === null) {
      this.#put(first, true);
      return;
    }
    ws.cork(() => {
      this.#put(first, true);
      for (const frame of others) this.#put(frame, true);
    });
    if (this.#waiting === "nothing" && !this.isExact) this.#waiting = "unknown";
  }

  #forget(): void {
    this.#first = null;
    this.#others = null;
    this.#pendingBytes = 0;
  }

  /** The receiver of a message has thrown. */
  #onFault(fault: unknown): void {
    this.context.surface(fault);
    this.#fail(fault instanceof Error ? fault : new Error(String(fault)), INTERNAL_ERROR);
  }

  /** Ends with a close frame, and reports the error. */
  #fail(error: Error, code: number, reason = ""): void {
    const sink = this.#sink;
    this.#sink = null;
    this.#forget();
    if (this.#ws !== null) this.end(this.#ws, code, reason);
    sink?.onError(error);
  }
}
