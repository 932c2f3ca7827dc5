// A connection's frames over one WebSocket. Hot path: a call down, a call up, nothing in between.

import { type Frame, ProtocolError, REVISION_4, type WireFormat } from "@sockeye/protocol";
import type { HttpExchange } from "../ports/http.ts";
import type { Framer, RawSocket, RawSocketSink, SendOutcome } from "../ports/raw-socket.ts";
import type { SavedTransport } from "../saved-connection.ts";
import type { SharedMessage } from "../shared-message.ts";
import { TransportError } from "../transport-error.ts";
import { type TransportKind, WEBSOCKET } from "./kinds.ts";
import type { EndCause, Transport, TransportSink } from "./transport.ts";

// When the server ends a session with a larger write buffer, the connection is terminated: the buffer would be kept for
// the duration of the closing handshake, which the client decides.
const MOST_LAST_BYTES = 65_536;
const NO_FRAMES: readonly Frame[] = [];

/** In the place of a raw socket that has ended: nothing of that is called, and its memory is free. */
const GONE: RawSocket = {
  needsRawFrames: false,
  isOpen: false,
  queuedBytes: 0,
  listen: () => {},
  send: () => 0,
  sendPrepared: () => 0,
  isWritable: () => false,
  requestDrain: () => {},
  close: () => {},
  terminate: () => {},
};

/** The WebSocket transport; it is the sink that the host calls. */
export class WebSocketTransport implements Transport, RawSocketSink {
  #raw: RawSocket;
  readonly #framer: Framer;
  readonly #format: WireFormat;
  #sink: TransportSink | null = null;
  #backlog = 0;

  constructor(raw: RawSocket, framer: Framer, format: WireFormat = REVISION_4) {
    this.#raw = raw;
    this.#framer = framer;
    this.#format = format;
  }

  get kind(): TransportKind {
    return WEBSOCKET;
  }

  get name(): string {
    return WEBSOCKET.name;
  }

  get queuedBytes(): number {
    return this.#raw.queuedBytes;
  }

  get backlog(): number {
    return this.#backlog;
  }

  /** Empty: the host keeps unsent frames in wire form. */
  get unsent(): readonly Frame[] {
    return NO_FRAMES;
  }

  isWritable(): boolean {
    return this.#raw.isWritable();
  }

  send(frame: Frame, compress: boolean): SendOutcome {
    if (!this.#raw.isOpen) return "closed";
    this.#backlog = this.#raw.send(this.#format.toSocket(frame), compress);
    return "sent";
  }

  sendShared(message: SharedMessage): SendOutcome {
    if (!this.#raw.isOpen) return "closed";
    if (this.#raw.needsRawFrames || !this.#format.isPlain) {
      for (const frame of message.frames) this.send(frame, message.compress);
    } else {
      const prepared = message.preparedBy(this.#framer);
      for (let at = 0; at < prepared.length; at++) {
        const frame = prepared[at];
        if (frame !== undefined) this.#backlog = this.#raw.sendPrepared(frame);
      }
    }
    return "sent";
  }

  reportTo(sink: TransportSink): void {
    this.#sink = sink;
  }

  requestDrain(): void {
    this.#raw.requestDrain();
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

  setReading(isReading: boolean): void {
    this.#raw.setReading?.(isReading);
  }

  close(): "closed" {
    this.#sink = null;
    this.#raw.close();
    return "closed";
  }

  end(cause: EndCause): void {
    this.#sink = null;
    // The raw socket flushes its write buffer and sends a close frame by itself.
    if (cause === "flushed") return;
    if (cause === "cut" || this.#raw.queuedBytes > MOST_LAST_BYTES) this.#raw.terminate();
    else this.#raw.close();
  }

  save(): SavedTransport {
    return { kind: WEBSOCKET.name, parameters: this.#format.parameters, frames: [] };
  }

  detach(): void {
    this.#raw = GONE;
    this.#sink = null;
  }

  onFrame(frame: Frame): void {
    if (this.#format.isPlain) this.#sink?.onFrame(frame);
    else this.#onCodedFrame(frame);
  }

  #onCodedFrame(frame: Frame): void {
    let plain: Frame;
    try {
      plain = this.#format.fromSocket(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#sink?.onLost({ reason: "parse error", error });
      return;
    }
    this.#sink?.onFrame(plain);
  }

  onDrain(): void {
    this.#sink?.onDrain();
  }

  onClose(): void {
    this.#raw = GONE;
    const sink = this.#sink;
    this.#sink = null;
    sink?.onLost({ reason: "transport close" });
  }

  onError(error: Error): void {
    this.#raw = GONE;
    const sink = this.#sink;
    this.#sink = null;
    const text = `${error.name}: ${error.message}`;
    sink?.onLost({ reason: "transport error", error: new TransportError(text, error) });
  }
}
