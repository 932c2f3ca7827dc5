// A WebSocket without extensions on a network socket, for the engine's port: reads with the frame reader, answers
// control frames, closes. Outgoing frames are collected and written once per event-loop turn.
// Does not know handshakes. Hot path: no closure, no stored input.
//
//   closing by the server: frame ──▶  ... frames still read ...  ◀── frame,  closed
//   closing by the client: ◀── frame,  frame ──▶  closed
//   after an error:     frame, end ──▶  ... bytes ignored ...

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Frame, PreparedFrame, RawSocket, RawSocketSink } from "@sockeye/engine";
import { surface } from "./engine/engine-hooks.ts";
import { controlFrame, LONGEST_STRING, WireFrame, type WirePart, wireFrame } from "./frame.ts";
import type { FrameError } from "./frame-error.ts";
import type { FrameReader, FrameSink, Unfinished } from "./frame-reader.ts";
import type { SharedReads } from "./shared-reads.ts";
import type { Flushable, WriteBatch } from "./write-batch.ts";
import type { WriteBuffer } from "./write-buffer.ts";

const RAW: unique symbol = Symbol("sockeye.raw");

type Tagged = Duplex & { [RAW]?: NodeRawSocket };

const CLOSE = 8;
const PONG = 10;
const NO_CODE = 1005;
// A client with more unanswered pings, which does not read the pongs, is terminated; `ws` has the same bound.
const MOST_UNREAD_PONGS = 60;
const INTERNAL_ERROR = 1011;
/**
 * When more bytes than this have been collected they are written within the turn: bytes that the operating system
 * accepts do not count as waiting for the client. Below, there is one write per turn.
 */
const HIGH_WATER = 262_144;
const EMPTY: Buffer = Buffer.alloc(0);

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

function cut(socket: Duplex): void {
  socket.destroy();
}

/** The shared context of a server's raw sockets. */
export interface RawSocketContext {
  readonly reader: FrameReader;
  readonly reads: SharedReads;
  readonly batch: WriteBatch;
  readonly writeBuffer: WriteBuffer;
  /** How long a client may take to end a connection that is being closed. Milliseconds. */
  readonly closeTimeout: number;
}

/** Whether a raw socket exists for that network socket. */
export function isTaken(socket: Duplex): boolean {
  return (socket as Tagged)[RAW] !== undefined;
}

/** The raw socket of one connection. */
export class NodeRawSocket implements RawSocket, FrameSink, Flushable {
  sink: RawSocketSink | null = null;
  unfinished: Unfinished | null = null;
  readonly #socket: Duplex;
  readonly #context: RawSocketContext;
  /** "closing": the close frame was sent. "ended": so was the FIN; received bytes are ignored. */
  #phase: "open" | "closing" | "ended" = "open";
  #text = "";
  #parts: WirePart[] | null = null;
  #pending = 0;
  #unreadPongs = 0;
  #closeTimer: NodeJS.Timeout | null = null;

  constructor(socket: Duplex, context: RawSocketContext) {
    this.#socket = socket;
    this.#context = context;
  }

  /** Sends the response to the handshake, before any frame. Each character is a byte. */
  begin(answer: string): void {
    this.#collectText(answer);
  }

  /** Starts reporting to `sink`. */
  listen(sink: RawSocketSink): void {
    this.sink = sink;
    const socket = this.#socket as Tagged;
    socket[RAW] = this;
    socket.on("close", onClose);
    socket.on("end", onEnd);
    socket.on("error", onError);
    if (!this.#context.reads.take(socket, onRead)) socket.on("data", onData);
  }

  get needsRawFrames(): boolean {
    return false;
  }

  get queuedBytes(): number {
    return this.#pending + this.#socket.writableLength;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  isWritable(): boolean {
    return this.queuedBytes === 0 && this.#phase === "open";
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

  send(frame: Frame): void {
    this.#collect(wireFrame(frame));
  }

  sendPrepared(frame: PreparedFrame): void {
    if (frame instanceof WireFrame) this.#collect(frame);
  }

  close(): void {
    this.#sendClose(EMPTY);
  }

  terminate(): void {
    this.#phase = "ended";
    this.#forget();
    this.unfinished = null;
    this.#socket.destroy();
  }

  flush(): void {
    if (this.#pending === 0) return;
    const text = this.#text;
    const parts = this.#parts;
    this.#forget();
    if (this.#phase !== "open" || !this.#socket.writable) return;
    try {
      this.#write(text, parts);
    } catch (error) {
      // Streams of an application may throw. The written length is unknown: no frame can follow.
      this.terminate();
      surface(error);
    }
  }

  #write(text: string, parts: WirePart[] | null): void {
    const socket = this.#socket;
    const wasFull = socket.writableNeedDrain;
    let isAccepting: boolean;
    if (parts === null) isAccepting = socket.write(text, "latin1");
    else {
      if (text !== "") parts.push(text);
      isAccepting = this.#context.writeBuffer.write(socket, parts);
    }
    // A socket that was full already has its drain listener.
    if (!isAccepting && !wasFull) socket.once("drain", onDrain);
  }

  onRead(chunk: Buffer, count: number): void {
    if (this.#phase === "ended") return;
    try {
      this.#context.reader.read(this, chunk, count);
    } catch (error) {
      this.#onFault(error);
    }
  }

  onText(text: string): void {
    this.sink?.onFrame(text);
  }

  onBytes(bytes: Buffer): void {
    this.sink?.onFrame(this.#context.reads.holds(bytes) ? Buffer.from(bytes) : bytes);
  }

  onPing(payload: Buffer): void {
    if (this.#socket.writableLength === 0) this.#unreadPongs = 0;
    else if (++this.#unreadPongs > MOST_UNREAD_PONGS) {
      this.terminate();
      return;
    }
    this.#collectText(controlFrame(PONG, payload));
  }

  onPong(): void {}

  onCloseFrame(code: number, reason: Buffer): void {
    const socket = this.#socket;
    if (this.#phase === "open") this.#writeClose(code === NO_CODE ? EMPTY : withCode(code, reason));
    // Nothing follows a close frame (RFC 6455, 5.5.1), so not waiting for the client's FIN loses nothing.
    // TLS sends its own close_notify first.
    const isPlain: boolean = socket.constructor === Socket;
    if (isPlain && socket.writableLength === 0) this.terminate();
    else {
      this.#armCloseTimer();
      this.#end();
    }
  }

  onBroken(error: FrameError): void {
    this.#fail(error.closeCode, error);
  }

  /** The receiver of a frame has thrown. The rest of the chunk is not read, so the stream cannot be continued. */
  #onFault(fault: unknown): void {
    surface(fault);
    this.#fail(INTERNAL_ERROR, fault instanceof Error ? fault : new Error(String(fault)));
  }

  #fail(closeCode: number, error: Error): void {
    this.#sendClose(withCode(closeCode, EMPTY));
    this.#end();
    const { sink } = this;
    this.sink = null;
    sink?.onError(error);
  }

  /** The client has sent its FIN. */
  onEnd(): void {
    if (this.#phase === "open") {
      this.flush();
      this.#armCloseTimer();
    }
    this.#end();
  }

  /** The network connection has closed. */
  onGone(): void {
    this.#phase = "ended";
    this.unfinished = null;
    if (this.#closeTimer !== null) clearTimeout(this.#closeTimer);
    const { sink } = this;
    this.sink = null;
    sink?.onClose();
  }

  /** Writes the collected frames, then a close frame, unless one was sent before. */
  #sendClose(payload: Buffer): void {
    if (this.#phase !== "open") return;
    this.#writeClose(payload);
    this.#armCloseTimer();
  }

  #writeClose(payload: Buffer): void {
    this.#collectText(controlFrame(CLOSE, payload));
    this.flush();
    this.#phase = "closing";
  }

  /** Stops sending and reading; the network connection closes when the client has ended it too. */
  #end(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.unfinished = null;
    this.#socket.end();
  }

  #armCloseTimer(): void {
    this.#closeTimer ??= setTimeout(cut, this.#context.closeTimeout, this.#socket);
  }

  #collect(frame: WireFrame): void {
    if (frame.text !== null) {
      this.#collectText(frame.text);
      return;
    }
    if (!this.#isCollecting(frame.bytes)) return;
    this.#parts ??= [];
    for (const part of frame.parts) {
      if (typeof part === "string" && part.length <= LONGEST_STRING) this.#text += part;
      else {
        if (this.#text !== "") this.#parts.push(this.#text);
        this.#text = "";
        this.#parts.push(part);
      }
    }
    if (this.#pending > HIGH_WATER) this.flush();
  }

  #collectText(text: string): void {
    if (!this.#isCollecting(text.length)) return;
    this.#text += text;
    if (this.#pending > HIGH_WATER) this.flush();
  }

  #forget(): void {
    this.#text = "";
    this.#parts = null;
    this.#pending = 0;
  }

  /** Whether another frame can be sent; if so, it is counted. */
  #isCollecting(bytes: number): boolean {
    if (this.#phase !== "open") return false;
    if (this.#pending === 0) this.#context.batch.add(this);
    this.#pending += bytes;
    return true;
  }
}

function withCode(code: number, reason: Buffer): Buffer {
  const payload = Buffer.alloc(2 + reason.length);
  payload.writeUInt16BE(code);
  reason.copy(payload, 2);
  return payload;
}
