// A WebSocket that never leaves the process: the engine's raw socket on one side, a test's peer on the other.
// Can refuse frames, as a real socket does for a client that does not read.

import type { Frame, Framer, PreparedFrame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { WirePeer } from "./cases/context.ts";
import { Inbox } from "./inbox.ts";

/** A frame in the memory host's wire form: itself. */
export class MemoryFrame implements PreparedFrame {
  readonly frame: Frame;
  readonly bytes: number;

  constructor(frame: Frame) {
    this.frame = frame;
    this.bytes = frame.length;
  }
}

/** Counts what it prepares. */
export class MemoryFramer implements Framer {
  prepared = 0;

  prepare(frame: Frame): MemoryFrame {
    this.prepared++;
    return new MemoryFrame(frame);
  }
}

const NO_CODE = 1005;
const ABNORMAL = 1006;
const TOO_BIG = 1009;

/** Both ends of one WebSocket. */
export class MemorySocket implements RawSocket, WirePeer {
  /** Frames are to be given raw, as for a socket with a compression context. */
  needsRawFrames = false;
  readonly closed: Promise<number>;
  readonly #limit: number;
  readonly #inbox = new Inbox<Frame>();
  readonly #held: Frame[] = [];
  #sink: RawSocketSink | null = null;
  #resolve: (code: number) => void = () => {};
  /** "closing": the engine has closed, and the peer has not read what was queued. */
  #phase: "open" | "closing" | "closed" = "open";
  #isPaused = false;

  /** `limit`: the largest message in bytes that the host lets through. */
  constructor(limit: number = Infinity) {
    this.#limit = limit;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Starts reporting to the engine. */
  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  get queuedBytes(): number {
    return this.#held.reduce((sum, frame) => sum + frame.length, 0);
  }

  isWritable(): boolean {
    return this.isOpen && this.#held.length === 0;
  }

  send(frame: Frame, _compress: boolean): number {
    if (!this.isOpen) return this.queuedBytes;
    if (this.#isPaused) this.#held.push(frame);
    else this.#inbox.put(frame);
    return this.queuedBytes;
  }

  sendPrepared(prepared: PreparedFrame): number {
    if (!(prepared instanceof MemoryFrame) || this.needsRawFrames) throw new Error("foreign frame");
    return this.send(prepared.frame, false);
  }

  requestDrain(): void {
    // What the peer has not read is reported when it does.
    if (this.#held.length === 0) this.#sink?.onDrain();
  }

  /** Closes after flushing: frames to a client that does not read are kept until it does. */
  close(): void {
    if (!this.isOpen) return;
    if (this.#held.length > 0) this.#phase = "closing";
    else this.#endInOrder();
  }

  #endInOrder(): void {
    this.#end(NO_CODE);
    this.#report((sink) => sink.onClose());
  }

  terminate(): void {
    if (this.#phase === "closed") return;
    this.#end(ABNORMAL);
    this.#report((sink) => sink.onClose());
  }

  next(): Promise<Frame> {
    return this.#inbox.next();
  }

  get unread(): readonly Frame[] {
    return this.#inbox.unread;
  }

  /** The peer sends a frame. */
  transmit(frame: Frame): void {
    if (!this.isOpen) return;
    const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
    if (bytes.length > this.#limit) this.fail(new Error("Max payload size exceeded"), TOO_BIG);
    else this.#sink?.onFrame(frame);
  }

  /** The peer closes. */
  leave(): void {
    if (!this.isOpen) return;
    this.#end(NO_CODE);
    this.#report((sink) => sink.onClose());
  }

  /** The network connection is cut. */
  cut(): void {
    this.terminate();
  }

  /** The host finds that the peer broke the WebSocket protocol. */
  fail(error: Error, code: number): void {
    if (!this.isOpen) return;
    this.#end(code);
    this.#report((sink) => sink.onError(error));
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#held.length === 0) return;
    this.#deliver();
    if (this.#phase === "closing") this.#endInOrder();
    else this.#sink?.onDrain();
  }

  #deliver(): void {
    for (const frame of this.#held.splice(0)) this.#inbox.put(frame);
  }

  #end(code: number): void {
    this.#phase = "closed";
    this.#held.length = 0;
    this.#resolve(code);
  }

  #report(tell: (sink: RawSocketSink) => void): void {
    const sink = this.#sink;
    this.#sink = null;
    if (sink !== null) tell(sink);
  }
}
