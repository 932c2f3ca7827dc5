// A WebSocket of `ws` as the engine wants it. `ws` does the handshake, parses what comes in and answers control
// frames; what we send is framed by us and written to the network socket, one write per turn of the event loop.
// Where compression was negotiated, or the WebSocket is not `ws`'s own, frames go through its `send`.

import type { Duplex } from "node:stream";
import type { Frame, PreparedFrame, RawSocket, RawSocketSink } from "@sockeye/engine";
import type { RawData, WebSocket } from "ws";
import { WireFrame, wireFrame } from "./frame.ts";
import type { Flushable, WriteBatch } from "./write-batch.ts";

const RAW: unique symbol = Symbol("sockeye.raw");

type Tagged = WebSocket & { [RAW]?: NodeRawSocket };

// Named functions shared by all sockets: nothing is allocated per connection.
function onMessage(this: Tagged, data: RawData, isBinary: boolean): void {
  const bytes = data as Buffer;
  this[RAW]?.sink?.onFrame(isBinary ? bytes : bytes.toString("utf8"));
}

function onClose(this: Tagged): void {
  this[RAW]?.ended(null);
}

function onError(this: Tagged, error: Error): void {
  this[RAW]?.ended(error);
}

/** How frames leave: framed by us onto the network socket, or through the WebSocket's own `send`. */
export type Outlet = "own frames" | "send";

/** The raw socket of one connection. */
export class NodeRawSocket implements RawSocket, Flushable {
  sink: RawSocketSink | null = null;
  readonly needsRawFrames: boolean;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #batch: WriteBatch;
  #text = "";
  #pieces: Uint8Array[] | null = null;
  #pending = 0;

  constructor(ws: WebSocket, socket: Duplex, how: { batch: WriteBatch; outlet: Outlet }) {
    this.#ws = ws;
    this.#socket = socket;
    this.#batch = how.batch;
    this.needsRawFrames = how.outlet === "send";
  }

  /** Begins to report to `sink`. */
  listen(sink: RawSocketSink): void {
    this.sink = sink;
    const ws = this.#ws as Tagged;
    ws[RAW] = this;
    ws.on("message", onMessage);
    ws.on("close", onClose);
    ws.on("error", onError);
  }

  get queuedBytes(): number {
    return this.needsRawFrames
      ? this.#ws.bufferedAmount
      : this.#pending + this.#socket.writableLength;
  }

  isWritable(): boolean {
    return this.queuedBytes === 0 && this.#ws.readyState === this.#ws.OPEN;
  }

  send(frame: Frame, compress: boolean): void {
    if (this.needsRawFrames) {
      if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(frame, { compress });
    } else this.#collect(wireFrame(frame));
  }

  sendPrepared(frame: PreparedFrame): void {
    if (frame instanceof WireFrame) this.#collect(frame);
  }

  close(): void {
    this.flush();
    this.#ws.close();
  }

  terminate(): void {
    this.#ws.terminate();
  }

  flush(): void {
    if (this.#pending === 0) return;
    const text = this.#text;
    const pieces = this.#pieces;
    this.#text = "";
    this.#pieces = null;
    this.#pending = 0;
    const socket = this.#socket;
    if (this.#ws.readyState !== this.#ws.OPEN || !socket.writable) return;
    const wasFull = socket.writableNeedDrain;
    let isRoomLeft = true;
    if (pieces === null) isRoomLeft = socket.write(text, "latin1");
    else {
      socket.cork();
      for (const piece of pieces) isRoomLeft = socket.write(piece);
      socket.uncork();
    }
    // A socket that was full already has somebody waiting.
    if (!isRoomLeft && !wasFull) socket.once("drain", () => this.sink?.onDrain());
  }

  /** The WebSocket is gone. */
  ended(error: Error | null): void {
    const { sink } = this;
    this.sink = null;
    if (error === null) sink?.onClose();
    else sink?.onError(error);
  }

  #collect(frame: WireFrame): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#pending === 0) this.#batch.add(this);
    this.#pending += frame.bytes;
    if (frame.text !== null && this.#pieces === null) {
      this.#text += frame.text;
      return;
    }
    if (this.#pieces === null) {
      this.#pieces = this.#text === "" ? [] : [Buffer.from(this.#text, "latin1")];
      this.#text = "";
    }
    if (frame.text !== null) this.#pieces.push(Buffer.from(frame.text, "latin1"));
    else this.#pieces.push(...frame.pieces);
  }
}
