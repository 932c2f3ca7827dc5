// A WebTransport session that never leaves the process: the server's end for the engine, and a test's client, which closes
// the session at a close packet or the end of the stream. Streams are plain promises, and chunks are as small as the test wishes.

import type {
  Frame,
  SessionCloseInfo,
  SessionStream,
  StreamReader,
  StreamWriter,
  WebTransportSession,
} from "@sockeye/engine";
import { StreamFrameReader, streamFrame } from "@sockeye/protocol";
import type { WirePeer } from "./cases/context.ts";
import { Inbox } from "./inbox.ts";

const NO_CODE = 1005;
const ABNORMAL = 1006;

interface Chunk {
  readonly done: boolean;
  readonly value?: Uint8Array;
}

/** How a test's client behaves. */
export interface MemorySessionPlan {
  /** Most bytes of a chunk that the server reads. Default: as they were sent. */
  readonly chunkSize?: number;
  /** Opens no stream. */
  readonly isSilent?: true;
  /** Leaves the session open at a close packet, as Socket.IO's client does. */
  readonly staysOpen?: true;
}

/** Both ends of one session with one stream. */
export class MemorySession implements WebTransportSession, WirePeer {
  readonly ready: Promise<void> = Promise.resolve();
  readonly incomingBidirectionalStreams: { getReader(): StreamReader<SessionStream> };
  /** For both ends. Resolves with the code of its end: 1005 in order, else 1006 or the server's own. */
  readonly closed: Promise<number>;
  /** Every write of the server. */
  readonly writes: Uint8Array[] = [];
  /** What the server has closed with. */
  info: SessionCloseInfo | undefined;
  readonly #plan: MemorySessionPlan;
  readonly #inbox = new Inbox<Frame>();
  readonly #chunks = new Inbox<Chunk | Error>();
  readonly #frames = new StreamFrameReader(Infinity, () => new Error("too long"));
  readonly #opened: Promise<void>;
  #resolveOpened: () => void = () => {};
  #resolveCode: (code: number) => void = () => {};
  /** Writes that wait for a client that does not read. */
  #held: (() => void)[] = [];
  #isPaused = false;
  #isFinished = false;
  #isOver = false;

  constructor(plan: MemorySessionPlan = {}) {
    this.#plan = plan;
    this.#opened = new Promise((resolve) => {
      this.#resolveOpened = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#resolveCode = resolve;
    });
    const streams = [this.#stream()];
    this.incomingBidirectionalStreams = {
      getReader: () => ({
        read: () => {
          const value = this.#plan.isSilent ? undefined : streams.shift();
          if (value !== undefined) return Promise.resolve({ done: false, value });
          return this.closed.then(() => ({ done: true }));
        },
        cancel: () => Promise.resolve(),
      }),
    };
  }

  /** Resolves when the server has written something, or closed the session. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The server closes the session. */
  close(info?: SessionCloseInfo): void {
    if (this.#isOver) return;
    this.info = info;
    this.#finish(this.#isFinished ? NO_CODE : (info?.closeCode ?? ABNORMAL));
  }

  next(): Promise<Frame> {
    return this.#inbox.next();
  }

  get unread(): readonly Frame[] {
    return this.#inbox.unread;
  }

  transmit(frame: Frame): void {
    this.transmitBytes(streamFrame(frame));
  }

  /** The client sends bytes that need not be frames. */
  transmitBytes(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const size = this.#plan.chunkSize ?? Math.max(1, bytes.length);
    for (let at = 0; at < bytes.length; at += size) {
      this.#chunks.put({ done: false, value: bytes.slice(at, at + size) });
    }
  }

  /** The client ends its stream, and leaves the session open. */
  endStream(): void {
    this.#chunks.put({ done: true });
  }

  leave(): void {
    if (!this.#isOver) this.#finish(NO_CODE);
  }

  cut(): void {
    if (!this.#isOver) this.#finish(ABNORMAL);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const take of this.#held.splice(0)) take();
  }

  #stream(): SessionStream {
    const reader: StreamReader<Uint8Array> = {
      read: async () => {
        const chunk = await this.#chunks.next();
        if (chunk instanceof Error) throw chunk;
        return chunk;
      },
      cancel: () => Promise.resolve(),
    };
    const writer: StreamWriter = {
      write: (chunk) => this.#write(chunk),
      close: () => this.#whenRead(() => this.#onFinished()),
      abort: () => Promise.resolve(),
    };
    return { readable: { getReader: () => reader }, writable: { getWriter: () => writer } };
  }

  #write(chunk: Uint8Array): Promise<void> {
    if (this.#isOver) return Promise.reject(new Error("the session is over"));
    return this.#whenRead(() => this.#take(chunk));
  }

  #whenRead(take: () => void): Promise<void> {
    if (!this.#isPaused) {
      take();
      return Promise.resolve();
    }
    return new Promise((resolve) =>
      this.#held.push(() => {
        take();
        resolve();
      }),
    );
  }

  #take(chunk: Uint8Array): void {
    this.writes.push(chunk);
    this.#frames.put(chunk);
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      if (frame === "1") this.#onFinished();
      else this.#inbox.put(frame);
    }
    this.#resolveOpened();
  }

  #onFinished(): void {
    this.#isFinished = true;
    if (this.#plan.staysOpen !== true) this.leave();
  }

  #finish(code: number): void {
    this.#isOver = true;
    this.#held = [];
    this.#chunks.put(new Error("the session has ended"));
    this.#resolveCode(code);
    this.#resolveOpened();
  }
}
