// A WebSocket without extensions on a network socket of Node, for the engine's port. Does not know handshakes, nor the
// protocol, which is the endpoint's. Hot path: no closure, no stored input.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { RawSocket, RawSocketSink } from "@sockeye/engine";
import type { TurnBatch } from "@sockeye/server";
import { Endpoint, type EndpointContext, type WirePart } from "@sockeye/websocket";
import type { SharedReads } from "./shared-reads.ts";
import type { WriteBuffer } from "./write-buffer.ts";

const RAW: unique symbol = Symbol("sockeye.raw");

type Tagged = Duplex & { [RAW]?: NodeRawSocket };

// Named functions shared by all sockets: nothing is allocated per connection.
function onData(this: Tagged, chunk: Buffer): void {
  this[RAW]?.onRead(chunk, chunk.length);
}

function onRead(this: Tagged, count: number, buffer: Buffer): boolean {
  this[RAW]?.onRead(buffer, count);
  return true;
}

function onEnd(this: Tagged): void {
  this[RAW]?.onEnd();
}

function onClose(this: Tagged): void {
  this[RAW]?.onGone();
}

// "close" follows every error.
function onError(this: Tagged): void {
  this.destroy();
}

function onDrain(this: Tagged): void {
  this[RAW]?.sink?.onDrain();
}

/** The shared context of a server's raw sockets. */
export interface RawSocketContext extends EndpointContext<Buffer> {
  readonly batch: TurnBatch;
  readonly reads: SharedReads;
  readonly writeBuffer: WriteBuffer;
}

/** Whether a raw socket exists for that network socket. */
export function isTaken(socket: Duplex): boolean {
  return (socket as Tagged)[RAW] !== undefined;
}

/** The raw socket of one connection. */
export class NodeRawSocket extends Endpoint<Buffer> implements RawSocket {
  protected readonly context: RawSocketContext;
  readonly #socket: Duplex;

  constructor(socket: Duplex, context: RawSocketContext) {
    super();
    this.#socket = socket;
    this.context = context;
  }

  get needsRawFrames(): boolean {
    return false;
  }

  listen(sink: RawSocketSink): void {
    this.sink = sink;
    const socket = this.#socket as Tagged;
    socket[RAW] = this;
    socket.on("close", onClose);
    socket.on("end", onEnd);
    socket.on("error", onError);
    if (!this.context.reads.take(socket, onRead)) socket.on("data", onData);
  }

  requestDrain(): void {
    this.flush();
    const socket = this.#socket;
    if (socket.writableLength === 0) this.sink?.onDrain();
    // Written after the waiting bytes. A full socket has its listener already, and one that has ended does not drain.
    else if (socket.writable && !socket.writableNeedDrain) {
      socket.write("", () => this.sink?.onDrain());
    }
  }

  setReading(isReading: boolean): void {
    this.#socket[isReading ? "resume" : "pause"]();
  }

  override onBytes(bytes: Buffer): void {
    this.sink?.onFrame(this.context.reads.holds(bytes) ? Buffer.from(bytes) : bytes);
  }

  protected get networkBytes(): number {
    return this.#socket.writableLength;
  }

  protected get isNetworkOpen(): boolean {
    return this.#socket.writable;
  }

  protected get endsAtOnce(): boolean {
    return this.#socket.constructor === Socket;
  }

  protected writeNetwork(text: string, parts: WirePart[] | null): void {
    const socket = this.#socket;
    const wasFull = socket.writableNeedDrain;
    if (text !== "") parts?.push(text);
    const isAccepting =
      parts === null ? socket.write(text, "latin1") : this.context.writeBuffer.write(socket, parts);
    // A socket that was full already has its drain listener.
    if (!isAccepting && !wasFull) socket.once("drain", onDrain);
  }

  protected endNetwork(): void {
    this.#socket.end();
  }

  protected destroyNetwork(): void {
    this.#socket.destroy();
  }
}
