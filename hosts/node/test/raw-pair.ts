// A raw socket on one end of a TCP connection, or of any stream, and the bytes of the other end in a test's hands.

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Frame, RawSocketSink } from "@sockeye/engine";
import { TurnBatch } from "@sockeye/server";
import { FrameReader } from "@sockeye/websocket";
import { nodeBytes, nodeFrames } from "../src/bytes.ts";
import { NodeRawSocket, type RawSocketContext } from "../src/raw-socket.ts";
import { services } from "../src/runtime.ts";
import { SharedReads } from "../src/shared-reads.ts";
import { WriteBuffer } from "../src/write-buffer.ts";

/** Keeps what a raw socket reports, and lets tests wait for it. */
export class RawJournal implements RawSocketSink {
  readonly lines: string[] = [];
  readonly frames: Frame[] = [];
  /** Called at each frame. */
  reply: (frame: Frame) => void = () => {};
  readonly #waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  onFrame(frame: Frame): void {
    this.frames.push(frame);
    this.#add(typeof frame === "string" ? frame : `<${frame.length} bytes>`);
    this.reply(frame);
  }

  onDrain(): void {
    this.#add("(drain)");
  }

  onClose(): void {
    this.#add("(closed)");
  }

  onError(error: Error): void {
    this.#add(`(error: ${error.message})`);
  }

  /** Resolves when that line has been written. */
  until(line: string): Promise<void> {
    return this.#when(() => this.lines.includes(line));
  }

  /** Resolves when there are so many lines. */
  untilCount(count: number): Promise<void> {
    return this.#when(() => this.lines.length >= count);
  }

  #when(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isMet, resolve }));
  }

  #add(line: string): void {
    this.lines.push(line);
    for (const { isMet, resolve } of this.#waiting) if (isMet()) resolve();
  }
}

/** The other end: what it has received so far, and the end of it. */
export class FarEnd {
  readonly socket: Duplex;
  readonly ended: Promise<unknown>;
  #received = Buffer.alloc(0);

  constructor(socket: Duplex) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on("error", () => {});
    this.ended = Promise.race([once(socket, "end"), once(socket, "close")]);
  }

  get received(): Buffer {
    return this.#received;
  }

  /** Resolves when so many bytes have come. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#received.length < count) await once(this.socket, "data");
    return this.#received;
  }
}

/** Leaves every socket to its events. */
class NoSharedReads extends SharedReads {
  override take(): boolean {
    return false;
  }
}

/** What may be chosen of a context. */
export interface RawContextChoice {
  readonly limit?: number;
  readonly closeTimeout?: number;
  /** How sockets are read. */
  readonly reading?: "shared" | "events";
}

/** A context of a server's raw sockets. */
export function rawContext(choice: RawContextChoice = {}): RawSocketContext {
  return {
    reader: new FrameReader(choice.limit ?? 1_000_000, nodeBytes),
    writer: nodeFrames,
    reads: choice.reading === "events" ? new NoSharedReads() : new SharedReads(),
    batch: new TurnBatch(setImmediate, services.surface),
    writeBuffer: new WriteBuffer(),
    closeTimeout: choice.closeTimeout ?? 30_000,
    after: services.clock.after,
    surface: services.surface,
  };
}

/** Two ends of a TCP connection; closed when disposed of. */
export async function tcpPair(): Promise<{ near: Socket; far: Socket } & AsyncDisposable> {
  // As HTTP servers do.
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const far = connect({ port: (server.address() as { port: number }).port, allowHalfOpen: true });
  const [near] = (await once(server, "connection")) as [Socket];
  server.close();
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      near.destroy();
      far.destroy();
    },
  };
}

/** A raw socket that listens on `near`. */
export function rawOn(
  near: Duplex,
  context: RawSocketContext = rawContext(),
): { raw: NodeRawSocket; journal: RawJournal } {
  const raw = new NodeRawSocket(near, context);
  const journal = new RawJournal();
  raw.listen(journal);
  return { raw, journal };
}
