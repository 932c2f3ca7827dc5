// WebTransport: one bidirectional stream over HTTP/3. Not among the transports that are known by name; applications that
// want it give this class to the client. Frames have a length in front, because a stream knows no messages.

import { encodeEnginePacket, type Frame } from "@sockeye/protocol";
import type { TransportSetup } from "../options.ts";
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

/** The first bit of a frame says that it holds bytes, the other seven how long it is, or where that stands. */
const BINARY = 0x80;
const IN_2_BYTES = 126;
const IN_8_BYTES = 127;

/** Carries packets over WebTransport. Options for its constructor stand under `transportOptions.webtransport`. */
export class WebTransport implements Transport {
  sink!: TransportSink;
  writable = false;
  readonly #setup: TransportSetup;
  #session: WebTransportSession | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #isOver = false;

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
    const { WebTransport: Constructor } = globalThis as unknown as {
      WebTransport: WebTransportConstructor;
    };
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
    await this.#write(sid === null ? "0" : `0${JSON.stringify({ sid })}`);
    this.writable = true;
    this.sink.onOpen();
    const reader = readable.getReader();
    const frames = new FrameReader(this.#setup.binaryType);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#isOver) return;
      for (const frame of frames.read(value)) this.sink.onFrame(frame);
    }
  }

  async #write(frame: Frame | Blob): Promise<void> {
    const isText = typeof frame === "string";
    const bytes = isText
      ? new TextEncoder().encode(frame)
      : new Uint8Array(await new Blob([frame as Uint8Array<ArrayBuffer>]).arrayBuffer());
    await this.#writer?.write(headerOf(bytes.length, isText ? 0 : BINARY));
    await this.#writer?.write(bytes);
  }

  async send(packets: readonly OutgoingPacket[]): Promise<void> {
    this.writable = false;
    try {
      for (const packet of packets) {
        await this.#write(encodeEnginePacket(packet as { type: "message"; data: Frame }));
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#isOver) return;
    this.writable = true;
    this.sink.onDrain();
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

function headerOf(length: number, binary: number): Uint8Array {
  if (length < IN_2_BYTES) return Uint8Array.of(binary | length);
  const header = new DataView(new ArrayBuffer(length < 65_536 ? 3 : 9));
  if (header.byteLength === 3) {
    header.setUint8(0, binary | IN_2_BYTES);
    header.setUint16(1, length);
  } else {
    header.setUint8(0, binary | IN_8_BYTES);
    header.setBigUint64(1, BigInt(length));
  }
  return new Uint8Array(header.buffer);
}

/** Puts the pieces of a stream together. */
class FrameReader {
  readonly #binaryType: () => string;
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(binaryType: () => string) {
    this.#binaryType = binaryType;
  }

  *read(chunk: Uint8Array<ArrayBuffer>): Generator<string | Binary> {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    this.#rest = bytes;
    for (let size = this.#nextSize(); size !== undefined; size = this.#nextSize()) {
      const { start, length } = size;
      const isBinary = ((this.#rest[0] as number) & BINARY) !== 0;
      const payload = this.#rest.slice(start, start + length);
      this.#rest = this.#rest.subarray(start + length);
      yield isBinary ? this.#asBinary(payload) : new TextDecoder().decode(payload);
    }
  }

  /** Where the next frame's payload stands; `undefined` while it is not there as a whole. */
  #nextSize(): { start: number; length: number } | undefined {
    const { byteOffset, length: there } = this.#rest;
    if (there === 0) return undefined;
    const view = new DataView(this.#rest.buffer, byteOffset, there);
    const short = view.getUint8(0) & ~BINARY;
    const start = short < IN_2_BYTES ? 1 : short === IN_2_BYTES ? 3 : 9;
    if (there < start) return undefined;
    let length = short;
    if (short === IN_2_BYTES) length = view.getUint16(1);
    if (short === IN_8_BYTES) length = Number(view.getBigUint64(1));
    return there < start + length ? undefined : { start, length };
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
