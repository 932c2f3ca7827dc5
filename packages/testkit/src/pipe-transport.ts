// A third transport, which neither the engine nor the core knows: both ends of a stream of frames in memory, as
// WebTransport would bring it. Shows that the contract of a transport is enough; refuses to be a WebSocket in disguise.

import type {
  EndCause,
  Frame,
  HttpExchange,
  SendOutcome,
  SharedMessage,
  Transport,
  TransportKind,
  TransportSink,
} from "@sockeye/engine";
import type { WirePeer } from "./cases/context.ts";
import { Inbox } from "./inbox.ts";

/** The row of the table of transports. */
export const PIPE: TransportKind = {
  name: "pipe",
  arrival: "upgrade",
  upgrades: "target",
  isPolled: false,
};

// The codes that cases know from WebSockets.
const NO_CODE = 1005;
const ABNORMAL = 1006;
const TOO_BIG = 1009;

/** Both ends of one pipe. */
export class PipeTransport implements Transport, WirePeer {
  readonly closed: Promise<number>;
  readonly #limit: number;
  readonly #inbox = new Inbox<Frame>();
  #held: Frame[] = [];
  #sink: TransportSink | null = null;
  #resolve: (code: number) => void = () => {};
  /** "finishing": ended by the engine, and the peer has not read everything. */
  #phase: "open" | "finishing" | "ended" = "open";
  #isPaused = false;

  /** `limit`: the largest frame in bytes that the peer may send. */
  constructor(limit: number = Infinity) {
    this.#limit = limit;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get kind(): TransportKind {
    return PIPE;
  }

  get name(): string {
    return PIPE.name;
  }

  get backlog(): number {
    return this.queuedBytes;
  }

  get queuedBytes(): number {
    return this.#held.reduce((sum, { length }) => sum + length, 0);
  }

  get unsent(): readonly Frame[] {
    return [...this.#held];
  }

  isWritable(): boolean {
    return this.#phase === "open" && this.#held.length === 0;
  }

  send(frame: Frame, _compress: boolean): SendOutcome {
    if (this.#phase !== "open") return "closed";
    if (!this.#isPaused) {
      this.#inbox.put(frame);
      return "sent";
    }
    this.#held.push(frame);
    return "queued";
  }

  sendShared({ frames, compress }: SharedMessage): SendOutcome {
    let outcome: SendOutcome = "sent";
    for (const frame of frames) outcome = this.send(frame, compress);
    return outcome;
  }

  reportTo(sink: TransportSink): void {
    this.#sink = sink;
  }

  requestDrain(): void {
    if (this.#held.length === 0) this.#sink?.onDrain();
  }

  onRequest(exchange: HttpExchange): void {
    exchange.reply({ status: 400, headers: {}, body: "", compress: false });
  }

  release(): void {
    // There is no waiting request.
  }

  takeUnsent(): readonly Frame[] {
    const frames = this.#held;
    this.#held = [];
    return frames;
  }

  close(): "closed" {
    this.#sink = null;
    if (this.#held.length > 0) this.#phase = "finishing";
    else this.#finish(NO_CODE);
    return "closed";
  }

  end(cause: EndCause): void {
    this.#sink = null;
    if (cause === "flushed") return;
    this.#held = [];
    this.#finish(cause === "cut" ? ABNORMAL : NO_CODE);
  }

  next(): Promise<Frame> {
    return this.#inbox.next();
  }

  get unread(): readonly Frame[] {
    return this.#inbox.unread;
  }

  transmit(frame: Frame): void {
    if (this.#phase !== "open") return;
    const bytes = typeof frame === "string" ? new TextEncoder().encode(frame).length : frame.length;
    if (bytes <= this.#limit) {
      this.#sink?.onFrame(frame);
      return;
    }
    const sink = this.#sink;
    this.#finish(TOO_BIG);
    sink?.onLost({ reason: "transport error", error: new Error("Max payload size exceeded") });
  }

  leave(): void {
    this.#lose(NO_CODE);
  }

  cut(): void {
    this.#lose(ABNORMAL);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const frames = this.takeUnsent();
    for (const frame of frames) this.#inbox.put(frame);
    if (this.#phase === "finishing") this.#finish(NO_CODE);
    else if (frames.length > 0) this.#sink?.onDrain();
  }

  #lose(code: number): void {
    if (this.#phase !== "open") return;
    const sink = this.#sink;
    this.#finish(code);
    sink?.onLost({ reason: "transport close" });
  }

  #finish(code: number): void {
    this.#phase = "ended";
    this.#sink = null;
    this.#resolve(code);
  }
}
