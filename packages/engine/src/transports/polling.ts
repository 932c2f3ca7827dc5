// A connection's frames over HTTP long-polling: a GET is held until there are frames to send, a POST carries the
// client's frames. Every protocol violation and its answer is a rule of docs/spec/engine.md (EN10 on).
//
//   peer                      server
//   GET  ?sid ───────────────▶ held ── send() ──▶ 200 frames joined by U+001E
//   POST ?sid frames ────────▶ 200 "ok"

import {
  type Frame,
  frameToText,
  ProtocolError,
  REVISION_4,
  type WireFormat,
} from "@sockeye/protocol";
import type { BodySink, HttpExchange, ReplyHeaders, RequestHead } from "../ports/http.ts";
import type { Flushable } from "../ports/raw-socket.ts";
import type { Closing } from "../reasons.ts";
import type { SavedTransport } from "../saved-connection.ts";
import type { SharedMessage } from "../shared-message.ts";
import { type PollingFault, TransportError } from "../transport-error.ts";
import { POLLING, type TransportKind } from "./kinds.ts";
import type { EndCause, Transport, TransportSink } from "./transport.ts";

const CLOSE = "1";
const NOOP = "6";

/** Settings and callbacks from the engine. */
export interface PollingHost {
  readonly maxHttpBufferSize: number;
  /** The encoding of bodies. Default: revision 4. */
  readonly format?: WireFormat;
  /** Lets the application add headers to a response. */
  decorate(headers: ReplyHeaders, request: RequestHead): void;
  /** A body was larger than `maxHttpBufferSize`. */
  onTooLarge?(): void;
  /** The services of the host that are used. */
  readonly platform?: {
    /** Flushes at the end of this event-loop turn. Default: in a microtask. */
    collect?(flushable: Flushable): void;
    /** Whether frames are views of the application's data: those that wait for a poll must be copies then. */
    readonly copiesFrames?: boolean;
  };
}

/** The long-polling transport. */
export class PollingTransport implements Transport, BodySink, Flushable {
  readonly #host: PollingHost;
  readonly #format: WireFormat;
  #sink: TransportSink | null = null;
  #poll: HttpExchange | null = null;
  #post: HttpExchange | null = null;
  /** A POST that is answered when reading continues. */
  #unanswered: HttpExchange | null = null;
  #isReading = true;
  #outbox: Frame[] = [];
  #queued = 0;
  #compress = false;
  /**
   * `flushing`: a flush at the end of this turn is due. `lingering`: ends with the first poll that finds nothing
   * queued.
   */
  #phase: "idle" | "flushing" | "lingering" | "ended" = "idle";

  constructor(host: PollingHost) {
    this.#host = host;
    this.#format = host.format ?? REVISION_4;
  }

  get kind(): TransportKind {
    return POLLING;
  }

  get name(): string {
    return POLLING.name;
  }

  get queuedBytes(): number {
    return this.#queued;
  }

  get backlog(): number {
    return this.#queued;
  }

  get unsent(): readonly Frame[] {
    return this.#outbox;
  }

  isWritable(): boolean {
    return this.#poll !== null && this.#outbox.length === 0;
  }

  send(frame: Frame, compress: boolean): "sent" | "queued" {
    this.#queue(frame, compress);
    return this.#flushSoon();
  }

  sendShared(message: SharedMessage): "sent" | "queued" {
    for (const frame of message.frames) this.#queue(frame, message.compress);
    return this.#flushSoon();
  }

  reportTo(sink: TransportSink): void {
    this.#sink = sink;
  }

  requestDrain(): void {
    // Every response with all queued frames is a drain.
  }

  takeUnsent(): readonly Frame[] {
    const frames = this.#outbox;
    this.#outbox = [];
    this.#queued = 0;
    return frames;
  }

  /** Answers a waiting poll with a noop packet, so that the client can stop polling. */
  release(): void {
    if (this.#poll === null) return;
    if (this.#outbox.length === 0) this.#queue(NOOP, false);
    this.#flush();
  }

  close(): "closed" | "lingering" {
    // Queued frames are sent first, in a separate response: clients handle a close packet before messages in the same
    // body.
    if (this.#poll !== null && this.#outbox.length === 0) {
      this.end("closing");
      return "closed";
    }
    this.#phase = "lingering";
    this.#flush();
    return "lingering";
  }

  end(cause: EndCause): void {
    this.#sink = null;
    if (this.#phase === "ended") return;
    // As in Socket.IO: a poll that comes after the close is answered with both, one that waited with the close alone.
    const last = this.#phase === "lingering" ? [NOOP, CLOSE] : [CLOSE];
    this.#phase = "ended";
    this.#outbox = [];
    this.#queued = 0;
    this.#post?.cut();
    this.#post = null;
    this.setReading(true);
    const poll = this.#poll;
    this.#poll = null;
    if (poll !== null)
      this.#answer(poll, this.#format.encodeBody(cause === "peer left" ? [NOOP] : last), false);
  }

  /** A poll that waits is not part of it: it is `release`d before. */
  save(): SavedTransport | null {
    if (this.#post !== null) return null;
    const frames = this.#outbox.map(frameToText);
    return { kind: POLLING.name, parameters: this.#format.parameters, frames };
  }

  detach(): void {
    this.#sink = null;
    this.#phase = "ended";
    this.#outbox = [];
    this.#queued = 0;
  }

  /** Clients send the next body when the one before was answered. */
  setReading(isReading: boolean): void {
    this.#isReading = isReading;
    const post = this.#unanswered;
    if (!isReading || post === null) return;
    this.#unanswered = null;
    this.#answer(post, "ok", false);
  }

  /** Handles a request of this session. */
  onRequest(exchange: HttpExchange): void {
    // Middleware of the host may have delayed it until the client disconnected.
    if (exchange.isAborted) this.#lost("request closed prematurely");
    else if (exchange.head.method === "GET") this.#onPoll(exchange);
    else if (exchange.head.method === "POST") this.#onPost(exchange);
    else exchange.reply({ status: 500, headers: {}, body: "", compress: false });
  }

  #onPoll(exchange: HttpExchange): void {
    if (this.#poll !== null) {
      this.#refuse(exchange, "overlap from client");
      return;
    }
    this.#poll = exchange;
    // Half of all polls are answered immediately: they need no listener for disconnection.
    if (this.#outbox.length > 0) {
      this.#flush();
      return;
    }
    exchange.onAbort = () => {
      this.#poll = null;
      this.#lost("poll connection closed prematurely");
    };
    // A lingering connection ends here, and with it this poll is answered.
    this.#sink?.onDrain();
  }

  #onPost(exchange: HttpExchange): void {
    if (this.#post !== null || this.#unanswered !== null) {
      this.#refuse(exchange, "data request overlap from client");
      return;
    }
    const isBinary = exchange.head.header("content-type") === "application/octet-stream";
    if (isBinary && this.#format.revision === 4) {
      this.#refuse(exchange, "invalid content");
      return;
    }
    this.#post = exchange;
    exchange.readBody(this.#host.maxHttpBufferSize, this);
  }

  onBody(body: Frame): void {
    const post = this.#post;
    this.#post = null;
    try {
      for (const frame of this.#format.decodeBody(body)) {
        // A packet may have closed the connection: the packets after it are ignored.
        if (this.#sink === null) break;
        this.#sink.onFrame(frame);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#sink?.onLost({ reason: "parse error", error });
    }
    if (post === null) return;
    if (this.#isReading || this.#phase === "ended") this.#answer(post, "ok", false);
    else this.#unanswered = post;
  }

  onTooLarge(): void {
    const post = this.#post;
    this.#post = null;
    // The session stays open: the client may have lost one message only.
    post?.reply({ status: 413, headers: { connection: "close" }, body: "", compress: false });
    this.#host.onTooLarge?.();
  }

  onAborted(): void {
    this.#post = null;
    this.#lost("data request connection closed prematurely");
  }

  #refuse(exchange: HttpExchange, text: PollingFault): void {
    exchange.reply({ status: 400, headers: {}, body: "", compress: false });
    this.#lost(text);
  }

  #lost(text: PollingFault): void {
    const closing: Closing = { reason: "transport error", error: new TransportError(text) };
    const sink = this.#sink;
    if (sink === null) this.end("closing");
    else sink.onLost(closing);
  }

  #queue(frame: Frame, compress: boolean): void {
    const isView = this.#host.platform?.copiesFrames === true && typeof frame !== "string";
    this.#outbox.push(isView ? new Uint8Array(frame) : frame);
    this.#queued += frame.length;
    if (compress) this.#compress = true;
  }

  /** The end of the turn. */
  flush(): void {
    if (this.#phase === "flushing") this.#phase = "idle";
    if (this.#poll !== null && this.#outbox.length > 0) this.#flush();
  }

  #flushSoon(): "sent" | "queued" {
    if (this.#poll === null) return "queued";
    if (this.#phase === "idle") {
      this.#phase = "flushing";
      const { platform } = this.#host;
      if (platform?.collect === undefined) queueMicrotask(() => this.flush());
      else platform.collect(this);
    }
    return "sent";
  }

  #flush(): void {
    const poll = this.#poll;
    if (poll === null) return;
    this.#poll = null;
    const body = this.#format.encodeBody(this.#outbox);
    const compress = this.#compress;
    this.#compress = false;
    this.#outbox = [];
    this.#queued = 0;
    this.#answer(poll, body, compress);
    if (this.#phase !== "lingering") this.#sink?.onDrain();
  }

  #answer(exchange: HttpExchange, body: Frame, compress: boolean): void {
    exchange.onAbort = null;
    const isPost = exchange.head.method === "POST";
    const type =
      typeof body === "string" ? "text/plain; charset=UTF-8" : "application/octet-stream";
    const headers: ReplyHeaders = {
      "content-type": isPost ? "text/html" : type,
      "cache-control": "no-store",
    };
    // Otherwise Internet Explorer interprets a polling response as a script.
    if (/;MSIE|Trident\//.test(exchange.head.header("user-agent") ?? "")) {
      headers["x-xss-protection"] = "0";
    }
    this.#host.decorate(headers, exchange.head);
    exchange.reply({ status: 200, headers, body, compress });
  }
}
