// A connection's frames over one WebSocket. Hot path: a call down, a call up, nothing in between.

import type { Frame } from "@sockeye/protocol";
import type { Framer, RawSocket, RawSocketSink } from "../ports/raw-socket.ts";
import type { SharedMessage } from "../shared-message.ts";
import type { Transport, TransportSink } from "./transport.ts";

/** The WebSocket transport; it is the sink that the host calls. */
export class WebSocketTransport implements Transport, RawSocketSink {
  readonly name = "websocket";
  readonly #raw: RawSocket;
  readonly #framer: Framer;
  #sink: TransportSink | null = null;

  constructor(raw: RawSocket, framer: Framer) {
    this.#raw = raw;
    this.#framer = framer;
  }

  get queuedBytes(): number {
    return this.#raw.queuedBytes;
  }

  isWritable(): boolean {
    return this.#raw.isWritable();
  }

  send(frame: Frame, compress: boolean): "sent" {
    this.#raw.send(frame, compress);
    return "sent";
  }

  sendShared(message: SharedMessage): "sent" {
    if (this.#raw.needsRawFrames) {
      for (const frame of message.frames) this.#raw.send(frame, message.compress);
    } else {
      const prepared = message.preparedBy(this.#framer);
      for (let at = 0; at < prepared.length; at++) {
        const frame = prepared[at];
        if (frame !== undefined) this.#raw.sendPrepared(frame);
      }
    }
    return "sent";
  }

  reportTo(sink: TransportSink): void {
    this.#sink = sink;
  }

  close(): "closed" {
    this.#sink = null;
    this.#raw.close();
    return "closed";
  }

  end(): void {
    this.#sink = null;
    this.#raw.close();
  }

  onFrame(frame: Frame): void {
    this.#sink?.onFrame(frame);
  }

  onDrain(): void {
    this.#sink?.onDrain();
  }

  onClose(): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.onLost({ reason: "transport close" });
  }

  onError(error: Error): void {
    const sink = this.#sink;
    this.#sink = null;
    sink?.onLost({ reason: "transport error", error });
  }
}
