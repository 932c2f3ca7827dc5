// A WebSocket that another server has accepted, at the holder of its session.

import type { RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Clock, Milliseconds } from "@sockeye/portable";
import type { Frame, FromHolder, Tell } from "./link.ts";

// So much may be on its way to the other server while the socket still counts as writable.
const ON_THE_WAY = 65_536;
// How long the other server may take to say that a socket has closed.
const CLOSING: Milliseconds = 10_000;

/** A WebSocket of another server. */
export class RemoteSocket implements RawSocket {
  // Each frame travels as it is: only the other server's host has its wire form.
  readonly needsRawFrames = true;
  readonly #id: number;
  readonly #tell: Tell<FromHolder>;
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #sink: RawSocketSink | null = null;
  #phase: "open" | "closing" | "over" = "open";
  #queued = 0;
  #sent = 0;
  #received = 0;
  #wantsDrain = false;
  #cancel = (): void => {};

  constructor(
    id: number,
    { clock, tell }: { readonly clock: Clock; readonly tell: Tell<FromHolder> },
    onOver: () => void,
  ) {
    this.#id = id;
    this.#tell = tell;
    this.#clock = clock;
    this.#onOver = onOver;
  }

  listen(sink: RawSocketSink): void {
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  get queuedBytes(): number {
    return this.#queued;
  }

  isWritable(): boolean {
    return this.#queued <= ON_THE_WAY;
  }

  send(frame: Frame, compress: boolean): number {
    if (this.#phase !== "open") return this.#queued;
    this.#queued += frame.length;
    const seq = this.#sent++;
    this.#tell({ op: "down", id: this.#id, seq, compress }, frame, () => this.#fail());
    return this.#queued;
  }

  sendPrepared(): number {
    return this.#queued;
  }

  requestDrain(): void {
    this.#wantsDrain = true;
    if (this.#queued === 0) queueMicrotask(() => this.#drained());
  }

  close(): void {
    if (this.#phase !== "open") return;
    this.#phase = "closing";
    this.#tell({ op: "end", id: this.#id, how: "close" }, null, () => this.#fail());
    this.#cancel = this.#clock.after(CLOSING, () => this.gone());
  }

  terminate(): void {
    if (!this.#end()) return;
    this.#tell({ op: "end", id: this.#id, how: "terminate" }, null, () => {});
  }

  /** A frame of the client. A missing one ends the connection: the client reconnects, and knows of it. */
  receive(seq: number, frame: Frame): void {
    if (this.#phase === "over") return;
    if (seq === this.#received) {
      this.#received += 1;
      this.#sink?.onFrame(frame);
    } else this.#fail();
  }

  /** The other server has passed so many bytes to its operating system. */
  taken(bytes: number): void {
    this.#queued = Math.max(0, this.#queued - bytes);
    if (this.#queued === 0) this.#drained();
  }

  /** The client has closed, or the other server has ended. */
  gone(error?: string): void {
    if (!this.#end()) return;
    if (error === undefined) this.#sink?.onClose();
    else this.#sink?.onError(new Error(error));
  }

  #drained(): void {
    if (!this.#wantsDrain || this.#phase === "over") return;
    this.#wantsDrain = false;
    this.#sink?.onDrain();
  }

  #fail(): void {
    if (this.#phase === "over") return;
    this.#tell({ op: "end", id: this.#id, how: "terminate" }, null, () => {});
    this.gone("a message between servers was lost");
  }

  #end(): boolean {
    if (this.#phase === "over") return false;
    this.#phase = "over";
    this.#queued = 0;
    this.#cancel();
    this.#onOver();
    return true;
  }
}
