// Collects the body of a request from its chunks, and reports it once. A chunk may be one byte, and an object per chunk
// takes hundreds. All chunks after the first are therefore copied into one buffer, which grows with the received bytes,
// not with the announced length.

import type { BodySink, HttpExchange } from "@sockeye/engine";

const SHORTEST_BUFFER = 512;

/** Bytes in transit. Holds at most three times the received bytes, and 512 bytes. */
export class BodyBytes<B extends Uint8Array = Uint8Array> {
  readonly #limit: number;
  readonly #allocate: (size: number) => B;
  #bytes: B | null = null;
  #filled = 0;

  /** `limit`: the largest body in bytes. `allocate`: new bytes, which need not be zeros. */
  constructor(limit: number, allocate: (size: number) => B) {
    this.#limit = limit;
    this.#allocate = allocate;
  }

  /** Adds a chunk; returns whether the body is within the limit. Beyond it, the memory is released. */
  add(chunk: B): boolean {
    const needed = this.#filled + chunk.length;
    if (needed > this.#limit) {
      this.#bytes = null;
      return false;
    }
    // The first is kept without a copy: most bodies are one chunk.
    if (this.#bytes === null) this.#bytes = chunk;
    else {
      const bytes = needed > this.#bytes.length ? this.#grow(this.#bytes, needed) : this.#bytes;
      bytes.set(chunk, this.#filled);
    }
    this.#filled = needed;
    return true;
  }

  /** The received bytes. */
  get bytes(): B {
    // Every view of a runtime's class of bytes is one too.
    return this.#bytes === null ? this.#allocate(0) : (this.#bytes.subarray(0, this.#filled) as B);
  }

  #grow(before: B, needed: number): B {
    const size = Math.min(this.#limit, Math.max(SHORTEST_BUFFER, 2 * needed));
    const bytes = this.#allocate(size);
    bytes.set(before.subarray(0, this.#filled));
    this.#bytes = bytes;
    return bytes;
  }
}

/** What reading a body needs of a runtime. `Bytes` of `@sockeye/websocket` has it. */
export interface BodyBytesPort<B extends Uint8Array> {
  allocate(size: number): B;
  /** Bytes as text; what is no UTF-8 is replaced. */
  utf8(bytes: B, from: number, to: number): string;
}

/** Reports a body to the engine: the host calls these methods in any order, and the first end counts. */
export class BodyReader<B extends Uint8Array = Uint8Array> {
  readonly #exchange: HttpExchange;
  readonly #port: BodyBytesPort<B>;
  readonly #sink: BodySink;
  readonly #body: BodyBytes<B>;
  #isOver = false;

  /** `limit`: the largest body in bytes. */
  constructor(
    exchange: HttpExchange,
    port: BodyBytesPort<B>,
    { limit, sink }: { readonly limit: number; readonly sink: BodySink },
  ) {
    this.#exchange = exchange;
    this.#port = port;
    this.#sink = sink;
    this.#body = new BodyBytes(limit, port.allocate);
    if (Number(exchange.head.header("content-length") ?? 0) > limit) this.#tooLarge();
  }

  /** Whether nothing more is read: the rest of the body is to be discarded. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A part of the body has arrived. The reader keeps it, and does not change it. */
  add(chunk: B): void {
    if (!this.#isOver && !this.#body.add(chunk)) this.#tooLarge();
  }

  /** The body is complete. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { bytes } = this.#body;
    const isBinary = this.#exchange.head.header("content-type") === "application/octet-stream";
    try {
      this.#sink.onBody(isBinary ? bytes : this.#port.utf8(bytes, 0, bytes.length));
    } catch (error) {
      // Not caused by the client's body: the request is answered, and the error is uncaught.
      this.#exchange.reply({ status: 500, headers: {}, body: "", compress: false });
      throw error;
    }
  }

  /** The client has disconnected. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.onAborted();
  }

  #tooLarge(): void {
    this.#isOver = true;
    this.#sink.onTooLarge();
  }
}
