// WebTransport: one bidirectional stream over HTTP/3. It cannot be named in options; applications that want it put this
// class there. Frames have a length in front, because a stream knows no messages.

import { encodeEnginePacket, type Frame, StreamFrameReader, streamFrame } from "@sockeye/protocol";
import { after } from "../clock.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportSetup } from "../options.ts";
import {
  type Binary,
  type OutgoingPacket,
  type Transport,
  type TransportSink,
  transportError,
} from "./transport.ts";

/** The part of the platform's WebTransport used here. */
interface WebTransportSession {
  readonly ready: Promise<unknown>;
  readonly closed: Promise<unknown>;
  createBidirectionalStream(): Promise<{
    readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
    readonly writable: WritableStream<Uint8Array>;
  }>;
  close(): void;
}

/** How long a server may take to close a session whose stream has ended. */
const GOODBYE_MS = 1000;

/** The packet behind which a server sends nothing. */
const CLOSE = "1";

type WebTransportConstructor = new (url: string, options?: object) => WebTransportSession;

/** Default of `maxPayload`, in bytes: that of `ws`. */
const USUAL_LIMIT = 100 * 1024 * 1024;

/**
 * Carries packets over WebTransport. Options for its constructor stand under `transportOptions.webtransport`. Frames
 * that are longer than the option `maxPayload` end it with `webtransport error`.
 */
export class WebTransport implements Transport {
  sink!: TransportSink;
  writable = false;
  readonly #setup: TransportSetup;
  #session: WebTransportSession | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #isOver = false;
  /** Resolves when everything that was given to `send` has been written. */
  #written: Promise<void> = Promise.resolve();

  constructor(setup: TransportSetup) {
    this.#setup = setup;
  }

  get name(): string {
    return "webtransport";
  }

  open(): void {
    this.#run().catch((error: unknown) => this.#fail(error));
  }

  async #run(): Promise<void> {
    const { options, url } = this.#setup;
    const address = url("http").replace(/^http:/, "https:");
    // Not taken apart: in a class of this name, the compiler renames the property as well.
    const Constructor = (globalThis as unknown as { WebTransport: WebTransportConstructor })
      .WebTransport;
    const session = new Constructor(address, options.transportOptions?.webtransport);
    this.#session = session;
    session.closed.then(
      (info) => this.#end(info),
      (error: unknown) => this.#fail(error),
    );
    await session.ready;
    const { readable, writable } = await session.createBidirectionalStream();
    this.#writer = writable.getWriter();
    const sid = new URL(address).searchParams.get("sid");
    await this.#writer.write(await framed(sid === null ? "0" : `0${JSON.stringify({ sid })}`));
    this.writable = true;
    this.sink.onOpen();
    const reader = readable.getReader();
    const limit = limitIn(options);
    const frames = new StreamFrameReader(limit, (length) =>
      clientError("ERR_FRAME_LENGTH", `a frame of ${length} bytes exceeds maxPayload (${limit})`),
    );
    while (!this.#isOver) {
      const { done, value } = await reader.read();
      if (value) frames.put(value);
      for (let frame = frames.next(); frame !== undefined && !this.#isOver; frame = frames.next()) {
        if (frame === CLOSE) this.#leave();
        else this.sink.onFrame(typeof frame === "string" ? frame : this.#shaped(frame));
      }
      if (done) this.#leave();
    }
  }

  /** The server has ended the session, and waits for it to be closed: everything has been read. */
  #leave(): void {
    this.#session?.close();
    this.#end();
  }

  #shaped(bytes: Uint8Array<ArrayBuffer>): Binary {
    switch (this.#setup.binaryType()) {
      case "blob":
        return new Blob([bytes]);
      case "arraybuffer":
        return bytes.buffer;
      default:
        return bytes;
    }
  }

  async send(packets: readonly OutgoingPacket[]): Promise<void> {
    this.writable = false;
    // One after the other: the packets of two calls must not mix.
    const written = this.#written.then(() => this.#write(packets));
    this.#written = written;
    await written;
    if (this.#isOver || written !== this.#written) return;
    this.writable = true;
    this.sink.onDrain();
  }

  async #write(packets: readonly OutgoingPacket[]): Promise<void> {
    try {
      for (const packet of packets) {
        const frame = encodeEnginePacket(packet as { type: "message"; data: Frame });
        await this.#writer?.write(await framed(frame));
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.#isOver = true;
    this.writable = false;
    const session = this.#session;
    const writer = this.#writer;
    const end = (): void => session?.close();
    // Closing the session discards what has not arrived. A server closes it at the end of the stream; Socket.IO's does not.
    const soon = (): void => void after(GOODBYE_MS, end, this.#setup.options);
    if (writer) this.#written.then(() => writer.close()).then(soon, end);
    else end();
  }

  /** `context`: why the server has closed the session, as the platform says it. */
  #end(context?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.sink.onClose({ description: "webtransport session closed", context });
  }

  #fail(description: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.sink.onError(transportError("webtransport error", { description }));
  }
}

/** Most bytes of a frame; 0 means no limit. */
function limitIn({ maxPayload = USUAL_LIMIT }: EngineOptions): number {
  return maxPayload || Number.POSITIVE_INFINITY;
}

/** A frame with its length in front, so that it is one write. */
async function framed(frame: Frame | Blob): Promise<Uint8Array> {
  if (typeof frame === "string") return streamFrame(frame);
  const bytes = await new Blob([frame as Uint8Array<ArrayBuffer>]).arrayBuffer();
  return streamFrame(new Uint8Array(bytes));
}
