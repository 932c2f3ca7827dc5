// The output of one stream of a session: what a turn of the event loop sends leaves in one write, and the next write
// begins when the platform has taken the last one. Knows bytes, and no frames.

import type { Flushable } from "../ports/raw-socket.ts";
import type { StreamWriter } from "../ports/web-transport.ts";

// Pieces are joined up to this size; larger ones are written as they are, without a copy.
const MOST_JOINED = 65_536;
// When that many pieces have left, the list is shortened, if they are the larger part of it.
const MANY = 256;

/** Is notified of an output. */
export interface OutputOwner {
  /** Everything has been taken by the platform. */
  onFlushed(): void;
  /** `finish` is done. */
  onFinished(): void;
  /** The stream takes no more. */
  onOutputLost(): void;
}

/** Bytes on their way into one stream. */
export class StreamOutput implements Flushable {
  readonly #writer: StreamWriter;
  readonly #owner: OutputOwner;
  readonly #collect: (flushable: Flushable) => void;
  #pieces: Uint8Array[] = [];
  /** The first piece that has not left. */
  #first = 0;
  #queued = 0;
  /** Bytes of the write under way. */
  #writing = 0;
  #phase: "idle" | "collecting" | "writing" | "over" = "idle";
  #isFinishing = false;

  /** `collect` calls `flush` at the end of the turn. */
  constructor(
    writer: StreamWriter,
    owner: OutputOwner,
    collect: (flushable: Flushable) => void = (flushable) =>
      queueMicrotask(() => flushable.flush()),
  ) {
    this.#writer = writer;
    this.#owner = owner;
    this.#collect = collect;
  }

  /** Bytes that the platform has not taken. */
  get queuedBytes(): number {
    return this.#queued;
  }

  /** Whether what is added leaves at the end of this turn. */
  get isIdle(): boolean {
    return this.#phase === "idle";
  }

  /** Adds bytes, which must not change afterwards. */
  add(piece: Uint8Array): void {
    if (this.#phase === "over") return;
    this.#pieces.push(piece);
    this.#queued += piece.length;
    if (this.#phase !== "idle") return;
    this.#phase = "collecting";
    this.#collect(this);
  }

  flush(): void {
    if (this.#phase === "collecting") this.#write();
  }

  /** Ends the stream in order, behind everything that was added. */
  finish(): void {
    this.#isFinishing = true;
    if (this.#phase === "idle") this.#close();
    else if (this.#phase === "over") this.#owner.onFinished();
  }

  /** Ends the stream at once; what was added is free. */
  cut(): void {
    if (this.#phase === "over") return;
    this.#release();
    this.#writer.abort().then(nothing, nothing);
  }

  #write(): void {
    this.#phase = "writing";
    const chunk = this.#nextChunk();
    this.#writing = chunk.length;
    // A writer may throw in place of a rejection.
    try {
      this.#writer.write(chunk).then(this.#onWritten, this.#onFailed);
    } catch {
      this.#onFailed();
    }
  }

  readonly #onWritten = (): void => {
    if (this.#phase === "over") return;
    this.#queued -= this.#writing;
    this.#writing = 0;
    if (this.#first < this.#pieces.length) {
      this.#write();
      return;
    }
    this.#phase = "idle";
    if (this.#isFinishing) this.#close();
    else this.#owner.onFlushed();
  };

  readonly #onFailed = (): void => {
    if (this.#phase === "over") return;
    this.#release();
    this.#owner.onOutputLost();
  };

  #close(): void {
    this.#release();
    const finished = (): void => this.#owner.onFinished();
    this.#writer.close().then(finished, finished);
  }

  #release(): void {
    this.#phase = "over";
    this.#pieces = [];
    this.#first = 0;
    this.#queued = 0;
  }

  #nextChunk(): Uint8Array {
    const pieces = this.#pieces;
    const start = this.#first;
    let size = (pieces[start] as Uint8Array).length;
    let end = start + 1;
    for (let next = pieces[end]; next !== undefined; next = pieces[end]) {
      if (size + next.length > MOST_JOINED) break;
      size += next.length;
      end++;
    }
    const taken = pieces.slice(start, end);
    this.#first = end;
    if (end === pieces.length) {
      this.#pieces = [];
      this.#first = 0;
    } else if (end > MANY && 2 * end > pieces.length) {
      this.#pieces = pieces.slice(end);
      this.#first = 0;
    }
    return taken.length === 1 ? (taken[0] as Uint8Array) : joined(taken, size);
  }
}

function nothing(): void {}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
