// The server's end of a WebSocket on a network connection of its own: control frames, the closing handshake, what follows
// a violation (RFC 6455, 5.5 and 7), and the frames that wait for the end of an event-loop turn. A host extends this class
// with its network connection. Does not know handshakes, engines or runtimes. Hot path: no closure, no stored input.
//
//   closing by the server: frame ──▶  ... frames still read ...  ◀── frame,  closed
//   closing by the client: ◀── frame,  frame ──▶  closed
//   after an error:     frame, end ──▶  ... bytes ignored ...

import type { FrameError } from "./frame-error.ts";
import type { FrameReader, FrameSink, Unfinished } from "./frame-reader.ts";
import { type FrameWriter, LONGEST_STRING, WireFrame, type WirePart } from "./frame-writer.ts";

const CLOSE = 8;
const PONG = 10;
const NO_CODE = 1005;
const INTERNAL_ERROR = 1011;
// A client with more unanswered pings, which does not read the pongs, is terminated; `ws` has the same bound.
const MOST_UNREAD_PONGS = 60;
/**
 * When more bytes than this have been collected they are written within the turn: bytes that the operating system
 * accepts do not count as waiting for the client. Below, there is one write per turn.
 */
const HIGH_WATER = 262_144;
const EMPTY: Uint8Array = new Uint8Array(0);

/** The receiver of an endpoint's events. Frames and drains in any number, then one of the ends, then nothing. */
export interface EndpointSink {
  onFrame(frame: string | Uint8Array): void;
  onDrain(): void;
  onClose(): void;
  onError(error: Error): void;
}

/** Calls `flush` at the end of an event-loop turn. */
export interface TurnEnd {
  add(endpoint: { flush(): void }): void;
}

/** What the endpoints of a server share. */
export interface EndpointContext<B extends Uint8Array = Uint8Array> {
  readonly reader: FrameReader<B>;
  readonly writer: FrameWriter<B>;
  /** Calls `flush` of the endpoint at the end of this event-loop turn. */
  readonly batch: TurnEnd;
  /** How long a client may take to end a connection that is being closed. Milliseconds. */
  readonly closeTimeout: number;
  /** Calls back later, unless the returned function is called before. */
  after(delay: number, callback: () => void): () => void;
  /** Rethrows an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
}

/** One WebSocket. */
export abstract class Endpoint<B extends Uint8Array = Uint8Array> implements FrameSink<B> {
  sink: EndpointSink | null = null;
  unfinished: Unfinished<B> | null = null;
  /** "closing": the close frame was sent. "ended": so was the FIN; received bytes are ignored. */
  protected phase: "open" | "closing" | "ended" = "open";
  protected abstract readonly context: EndpointContext<B>;
  #text = "";
  #parts: WirePart[] | null = null;
  #pending = 0;
  #unreadPongs = 0;
  #cancelTimer: (() => void) | null = null;

  /** Bytes that wait in the network connection. */
  protected abstract get networkBytes(): number;
  /** Whether bytes can be written at all: the connection has not ended. */
  protected abstract get isNetworkOpen(): boolean;
  /** Whether an end that does not wait for the client's FIN loses nothing: not with TLS, which says goodbye itself. */
  protected abstract get endsAtOnce(): boolean;
  /** Writes the parts, if there are any, then the text, of one byte for each character. */
  protected abstract writeNetwork(text: string, parts: WirePart[] | null): void;
  /** Sends the FIN. */
  protected abstract endNetwork(): void;
  /** Destroys the network connection. */
  protected abstract destroyNetwork(): void;

  /** Bytes that wait, in the network connection or for the end of the turn. */
  get queuedBytes(): number {
    return this.#pending + this.networkBytes;
  }

  isWritable(): boolean {
    return this.queuedBytes === 0 && this.phase === "open";
  }

  /** Sends a frame; returns what waits. */
  send(frame: string | Uint8Array): number {
    this.#collect(this.context.writer.write(frame));
    return this.queuedBytes;
  }

  /** Sends a frame of the writer's `share`; returns what waits. */
  sendPrepared(frame: object): number {
    if (frame instanceof WireFrame) this.#collect(frame);
    return this.queuedBytes;
  }

  /** Writes what was collected. */
  flush(): void {
    if (this.#pending === 0) return;
    const text = this.#text;
    const parts = this.#parts;
    this.#forget();
    if (this.phase !== "open" || !this.isNetworkOpen) return;
    try {
      this.writeNetwork(text, parts);
    } catch (error) {
      // Network connections of an application may throw. The written length is unknown: no frame can follow.
      this.terminate();
      this.context.surface(error);
    }
  }

  get isOpen(): boolean {
    return this.phase === "open";
  }

  /** Flushes, then sends a close frame without a code. Does nothing once the connection has ended. */
  close(): void {
    this.#sendClose(EMPTY);
  }

  /** Destroys the connection at once. */
  terminate(): void {
    this.phase = "ended";
    this.#forget();
    this.unfinished = null;
    this.destroyNetwork();
  }

  /** Bytes have arrived. They may be unmasked in place. */
  onRead(chunk: B, count: number): void {
    if (this.phase === "ended") return;
    try {
      this.context.reader.read(this, chunk, count);
    } catch (error) {
      this.#onFault(error);
    }
  }

  onText(text: string): void {
    this.sink?.onFrame(text);
  }

  onBytes(bytes: B): void {
    this.sink?.onFrame(bytes);
  }

  onPing(payload: B): void {
    if (this.networkBytes === 0) this.#unreadPongs = 0;
    else if (++this.#unreadPongs > MOST_UNREAD_PONGS) {
      this.terminate();
      return;
    }
    this.#collectText(this.context.writer.control(PONG, payload));
  }

  onPong(): void {}

  onCloseFrame(code: number, reason: B): void {
    if (this.phase === "open") this.#writeClose(code === NO_CODE ? EMPTY : withCode(code, reason));
    // Nothing follows a close frame (RFC 6455, 5.5.1), so not waiting for the client's FIN loses nothing.
    if (this.endsAtOnce && this.networkBytes === 0) this.terminate();
    else {
      this.#armCloseTimer();
      this.#end();
    }
  }

  onBroken(error: FrameError): void {
    this.#fail(error.closeCode, error, error.closeReason);
  }

  /** The client has sent its FIN. */
  onEnd(): void {
    if (this.phase === "open") {
      this.flush();
      this.#armCloseTimer();
    }
    this.#end();
  }

  /** The network connection has closed. */
  onGone(): void {
    this.phase = "ended";
    this.unfinished = null;
    this.#cancelTimer?.();
    const { sink } = this;
    this.sink = null;
    sink?.onClose();
  }

  /** Sends bytes before any frame: the response to the handshake. Each character is a byte. */
  begin(answer: string): void {
    this.#collectText(answer);
  }

  /** The receiver of a frame has thrown. The rest of the chunk is not read, so the stream cannot be continued. */
  #onFault(fault: unknown): void {
    this.context.surface(fault);
    this.#fail(INTERNAL_ERROR, fault instanceof Error ? fault : new Error(String(fault)));
  }

  #fail(closeCode: number, error: Error, reason = ""): void {
    this.#sendClose(withCode(closeCode, new TextEncoder().encode(reason)));
    this.#end();
    const { sink } = this;
    this.sink = null;
    sink?.onError(error);
  }

  /** Writes the collected frames, then a close frame, unless one was sent before. */
  #sendClose(payload: Uint8Array): void {
    if (this.phase !== "open") return;
    this.#writeClose(payload);
    this.#armCloseTimer();
  }

  #writeClose(payload: Uint8Array): void {
    this.#collectText(this.context.writer.control(CLOSE, payload));
    this.flush();
    this.phase = "closing";
  }

  /** Stops sending and reading; the network connection closes when the client has ended it too. */
  #end(): void {
    if (this.phase === "ended") return;
    this.phase = "ended";
    this.unfinished = null;
    this.endNetwork();
  }

  #armCloseTimer(): void {
    const { context } = this;
    this.#cancelTimer ??= context.after(context.closeTimeout, () => this.destroyNetwork());
  }

  #collect(frame: WireFrame): void {
    if (frame.text !== null) {
      this.#collectText(frame.text);
      return;
    }
    if (!this.#isCollecting(frame.bytes)) return;
    this.#parts ??= [];
    for (const part of frame.parts) {
      if (typeof part === "string" && part.length <= LONGEST_STRING) this.#text += part;
      else {
        if (this.#text !== "") this.#parts.push(this.#text);
        this.#text = "";
        this.#parts.push(part);
      }
    }
    if (this.#pending > HIGH_WATER) this.flush();
  }

  #collectText(text: string): void {
    if (!this.#isCollecting(text.length)) return;
    this.#text += text;
    if (this.#pending > HIGH_WATER) this.flush();
  }

  #forget(): void {
    this.#text = "";
    this.#parts = null;
    this.#pending = 0;
  }

  /** Whether another frame can be sent; if so, it is counted. */
  #isCollecting(bytes: number): boolean {
    if (this.phase !== "open") return false;
    if (this.#pending === 0) this.context.batch.add(this);
    this.#pending += bytes;
    return true;
  }
}

function withCode(code: number, reason: Uint8Array): Uint8Array {
  const payload = new Uint8Array(2 + reason.length);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(reason, 2);
  return payload;
}
