// WebTransport: one bidirectional stream over HTTP/3. It cannot be named in options; applications that want it put this
// class there. Frames have a length in front, because a stream knows no messages.

import { ByteQueue, encodeEnginePacket, type Frame } from "@sockeye/protocol";
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

type WebTransportConstructor = new (url: string, options?: object) => WebTransportSession;

/** First bit of a frame: its payload is bytes. The other seven bits: its length, or the size of the length that follows. */
const BINARY = 0x80;
const IN_2_BYTES = 126;
const IN_8_BYTES = 127;

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
      () => this.#end(),
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
    const frames = new FrameReader(this.#setup.binaryType, limitIn(options));
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#isOver) return;
      for (const frame of frames.read(value)) this.sink.onFrame(frame);
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
    this.#session?.close();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.sink.onClose({ description: "webtransport session closed" });
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
  const isText = typeof frame === "string";
  const bytes = isText
    ? new TextEncoder().encode(frame)
    : new Uint8Array(await new Blob([frame as Uint8Array<ArrayBuffer>]).arrayBuffer());
  const { length } = bytes;
  const binary = isText ? 0 : BINARY;
  const headerLength = length < IN_2_BYTES ? 1 : length < 65_536 ? 3 : 9;
  const whole = new Uint8Array(headerLength + length);
  const header = new DataView(whole.buffer);
  if (headerLength === 1) header.setUint8(0, binary | length);
  else if (headerLength === 3) {
    header.setUint8(0, binary | IN_2_BYTES);
    header.setUint16(1, length);
  } else {
    header.setUint8(0, binary | IN_8_BYTES);
    header.setBigUint64(1, BigInt(length));
  }
  whole.set(bytes, headerLength);
  return whole;
}

/** Puts the pieces of a stream together, in time linear in their bytes. */
class FrameReader {
  readonly #binaryType: () => string;
  readonly #limit: number;
  readonly #bytes = new ByteQueue();
  #wanted: "header" | "length" | "payload" = "header";
  #count = 1;
  #isBinary = false;

  constructor(binaryType: () => string, limit: number) {
    this.#binaryType = binaryType;
    this.#limit = limit;
  }

  /** @throws Error `ERR_FRAME_LENGTH` when a frame is announced that is longer than the limit; nothing of it is kept */
  *read(chunk: Uint8Array): Generator<string | Binary> {
    this.#bytes.put(chunk);
    while (this.#bytes.length >= this.#count) {
      const taken = this.#bytes.take(this.#count);
      if (this.#wanted === "payload") {
        this.#expect("header", 1);
        yield this.#isBinary ? this.#asBinary(taken) : new TextDecoder().decode(taken);
      } else if (this.#wanted === "header") this.#readHeader(taken[0] as number);
      else {
        const view = new DataView(taken.buffer);
        const isShort = taken.length === 2;
        this.#expectPayload(isShort ? view.getUint16(0) : Number(view.getBigUint64(0)));
      }
    }
  }

  #readHeader(first: number): void {
    this.#isBinary = (first & BINARY) !== 0;
    const length = first & ~BINARY;
    if (length < IN_2_BYTES) this.#expectPayload(length);
    else this.#expect("length", length === IN_2_BYTES ? 2 : 8);
  }

  #expectPayload(length: number): void {
    const limit = this.#limit;
    if (length > limit) {
      throw clientError(
        "ERR_FRAME_LENGTH",
        `a frame of ${length} bytes exceeds maxPayload (${limit})`,
      );
    }
    this.#expect("payload", length);
  }

  #expect(wanted: "header" | "length" | "payload", count: number): void {
    this.#wanted = wanted;
    this.#count = count;
  }

  #asBinary(bytes: Uint8Array<ArrayBuffer>): Binary {
    switch (this.#binaryType()) {
      case "blob":
        return new Blob([bytes]);
      case "arraybuffer":
        return bytes.buffer;
      default:
        return bytes;
    }
  }
}
