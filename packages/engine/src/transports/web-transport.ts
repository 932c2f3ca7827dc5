// A connection's frames over one bidirectional stream of a WebTransport session, each behind its length. It may be held:
// then it reads nothing, so that what the client has sent waits in the network.

import { type Deadlines, Waiting } from "@sockeye/portable";
import { type Frame, platformBytes, StreamFrameReader, streamFrame } from "@sockeye/protocol";
import { engineError } from "../errors.ts";
import type { HttpExchange } from "../ports/http.ts";
import type { Flushable, Framer, PreparedFrame, SendOutcome } from "../ports/raw-socket.ts";
import type {
  SessionCloseInfo,
  SessionStream,
  StreamReader,
  WebTransportSession,
} from "../ports/web-transport.ts";
import type { Closing } from "../reasons.ts";
import type { SharedMessage } from "../shared-message.ts";
import { type TransportKind, WEBTRANSPORT } from "./kinds.ts";
import { type OutputOwner, StreamOutput } from "./stream-output.ts";
import type { EndCause, Transport, TransportSink } from "./transport.ts";

// When the server ends a session with a larger write buffer, the session is closed without flushing it.
const MOST_LAST_BYTES = 65_536;
// How long the end may take to leave.
const FLUSH_TIME = 30_000;
// Closing a session discards what the client has not read. So the end of a stream is a close packet, at which our client
// closes the session; Socket.IO's clients pass it over, and learn of the end after this time.
const GOODBYE_TIME = 1_000;
const CLOSE = streamFrame("1");
/** Codes for the client, as the statuses of HTTP that say the same. */
export const CloseCode = { badRequest: 400, timeout: 408, tooLarge: 413 } as const;

const NO_FRAMES: readonly Frame[] = [];
const LEFT: Closing = { reason: "transport close" };

/** A frame as it stands in the stream. */
class StreamedFrame implements PreparedFrame {
  readonly data: Uint8Array;
  readonly bytes: number;

  constructor(data: Uint8Array) {
    this.data = data;
    this.bytes = data.length;
  }
}

const framer: Framer = { prepare: (frame) => new StreamedFrame(streamFrame(frame)) };

/** What the transports of an engine share. */
export interface SessionHost {
  readonly deadlines: Deadlines;
  /** Bytes of a frame of the client. */
  readonly maxHttpBufferSize: number;
  /** Flushes at the end of this event-loop turn. Default: in a microtask. */
  collect?: ((flushable: Flushable) => void) | undefined;
  /** Receives what a sink throws. Never throws. */
  onFault(error: unknown): void;
}

/** The WebTransport transport; held until it has a sink. */
export class WebTransportTransport extends Waiting implements Transport, OutputOwner {
  readonly #session: WebTransportSession;
  readonly #host: SessionHost;
  readonly #reader: StreamReader<Uint8Array>;
  readonly #output: StreamOutput;
  readonly #frames: StreamFrameReader;
  #sink: TransportSink | null = null;
  #isReading = false;
  #backlog = 0;
  /** How the session has ended while there was no sink. */
  #lost: Closing | null = null;
  /** `finishing`: the end of the stream is on its way, and the client has time to close the session. */
  #phase: "open" | "closing" | "finishing" | "ended" = "open";
  #info: SessionCloseInfo | undefined;

  constructor(session: WebTransportSession, stream: SessionStream, host: SessionHost) {
    super();
    this.#session = session;
    this.#host = host;
    this.#reader = stream.readable.getReader();
    this.#output = new StreamOutput(stream.writable.getWriter(), this, host.collect);
    const limit = host.maxHttpBufferSize;
    this.#frames = new StreamFrameReader(limit, (length) =>
      engineError("ERR_FRAME_LENGTH", length, limit),
    );
    const left = (): void => this.#lose(LEFT);
    session.closed.then(left, left);
  }

  get kind(): TransportKind {
    return WEBTRANSPORT;
  }

  get name(): string {
    return WEBTRANSPORT.name;
  }

  get queuedBytes(): number {
    return this.#output.queuedBytes;
  }

  get backlog(): number {
    return this.#backlog;
  }

  /** Empty: unsent frames are kept in wire form. */
  get unsent(): readonly Frame[] {
    return NO_FRAMES;
  }

  /** Whether the client has left while there was no sink. */
  get isLost(): boolean {
    return this.#lost !== null;
  }

  isWritable(): boolean {
    return this.#phase === "open" && this.#output.isIdle;
  }

  send(frame: Frame, _compress: boolean): SendOutcome {
    return this.#send([framer.prepare(frame)]);
  }

  sendShared(message: SharedMessage): SendOutcome {
    return this.#send(message.preparedBy(framer));
  }

  #send(frames: readonly PreparedFrame[]): SendOutcome {
    if (this.#phase !== "open") return "closed";
    const outcome = this.#output.isIdle ? "sent" : "queued";
    for (const frame of frames) this.#output.add((frame as StreamedFrame).data);
    this.#backlog = this.#output.queuedBytes;
    return outcome;
  }

  reportTo(sink: TransportSink): void {
    const wasHeld = this.#sink === null;
    this.#sink = sink;
    if (wasHeld) queueMicrotask(() => this.#resume());
  }

  /** Reports nothing, and reads nothing, until it has a sink again. */
  hold(): void {
    this.#sink = null;
  }

  requestDrain(): void {
    if (this.#output.queuedBytes === 0) this.#sink?.onDrain();
  }

  onRequest(exchange: HttpExchange): void {
    exchange.reply({ status: 400, headers: {}, body: "", compress: false });
  }

  release(): void {
    // There is no waiting request.
  }

  takeUnsent(): readonly Frame[] {
    return NO_FRAMES;
  }

  close(): "closed" | "lingering" {
    if (this.#phase === "open") this.#phase = "closing";
    return this.#output.queuedBytes === 0 ? "closed" : "lingering";
  }

  /** Closes the session at once, with the reason. */
  refuse(info: SessionCloseInfo): void {
    this.#info = info;
    this.#sink = null;
    this.#destroy();
  }

  end(cause: EndCause): void {
    this.#sink = null;
    const isShort = this.#output.queuedBytes <= MOST_LAST_BYTES;
    const isOpen = this.#lost === null && this.#info === undefined;
    if (cause !== "cut" && isShort && isOpen) this.#finish();
    else this.#destroy();
  }

  onFlushed(): void {
    this.#sink?.onDrain();
  }

  onFinished(): void {
    if (this.#phase === "finishing") this.#host.deadlines.arm(this, GOODBYE_TIME);
  }

  onOutputLost(): void {
    this.#lose(LEFT);
  }

  /** The client has not closed the session. */
  onDue(): void {
    this.#destroy();
  }

  #finish(): void {
    if (this.#phase === "finishing" || this.#phase === "ended") return;
    this.#phase = "finishing";
    this.#host.deadlines.arm(this, FLUSH_TIME);
    this.#output.add(CLOSE);
    this.#output.finish();
  }

  #destroy(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#host.deadlines.disarm(this);
    this.#output.cut();
    this.#reader.cancel().then(nothing, nothing);
    closeSession(this.#session, this.#info);
  }

  #resume(): void {
    if (this.#lost !== null) this.#tell(this.#lost);
    else if (!this.#isReading) void this.#read();
  }

  /** Reads while there is a sink. */
  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#deliver()) {
        const { done, value } = await this.#reader.read();
        if (done) this.#lose(LEFT);
        else if (value !== undefined) this.#frames.put(value);
      }
    } catch {
      // The session has ended, or the client has reset the stream.
      this.#lose(LEFT);
    }
    this.#isReading = false;
  }

  /** Reports the frames that are complete. Whether more may be read. */
  #deliver(): boolean {
    while (this.#sink !== null) {
      let frame: Frame | undefined;
      try {
        frame = this.#frames.next();
      } catch (error) {
        this.#refuseFrame(error as Error);
        return false;
      }
      if (frame === undefined) return true;
      try {
        this.#sink.onFrame(typeof frame === "string" ? frame : platformBytes(frame));
      } catch (error) {
        this.#host.onFault(error);
      }
    }
    return false;
  }

  #refuseFrame(error: Error): void {
    const isLong = (error as { readonly code?: string }).code === "ERR_FRAME_LENGTH";
    const closeCode = isLong ? CloseCode.tooLarge : CloseCode.badRequest;
    this.#info = { closeCode, reason: error.message };
    this.#tell({ reason: "parse error", error });
  }

  /** The client has closed, or the network connection has ended. */
  #lose(closing: Closing): void {
    if (this.#phase === "finishing") this.#destroy();
    if (this.#phase === "ended") return;
    this.#lost ??= closing;
    this.#tell(closing);
  }

  #tell(closing: Closing): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.onLost(closing);
  }
}

/** Closes a session that may have ended already. */
export function closeSession(session: WebTransportSession, info?: SessionCloseInfo): void {
  try {
    if (info === undefined) session.close();
    else session.close(info);
  } catch {
    // It has ended.
  }
}

function nothing(): void {}
