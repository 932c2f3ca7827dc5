// WebTransport: one bidirectional stream over HTTP/3. Not among the transports that are known by name; applications that
// want it give this class to the client. Frames have a length in front, because a stream knows no messages.

import { ByteQueue, encodeEnginePacket, type Frame } from "@sockeye/protocol";
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

/** Puts the pieces of a stream together, in time linear in their bytes. */
class FrameReader {
  readonly #binaryType: () => string;
  readonly #bytes = new ByteQueue();
  #wanted: "header" | "length" | "payload" = "header";
  #count = 1;
  #isBinary = false;

  constructor(binaryType: () => string) {
    this.#binaryType = binaryType;
  }

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
        this.#expect("payload", isShort ? view.getUint16(0) : Number(view.getBigUint64(0)));
      }
    }
  }

  #readHeader(first: number): void {
    this.#isBinary = (first & BINARY) !== 0;
    const length = first & ~BINARY;
    if (length < IN_2_BYTES) this.#expect("payload", length);
    else this.#expect("length", length === IN_2_BYTES ? 2 : 8);
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
