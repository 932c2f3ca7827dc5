// Reads the frames of a WebSocket client (RFC 6455, 5): unmasks payloads, assembles fragments, reports protocol errors.
// No extensions. Knows no sockets and sends nothing; the state of a partial message is kept by the connection's sink.
// Hot path: a frame that is complete in its chunk is read in place, and no state is kept.

import { isUtf8, constants as sizes } from "node:buffer";
import { type FrameError, faults, headFault, isCloseCode } from "./frame-error.ts";
import { Mask } from "./unmask.ts";

/** Receives a connection's frames. After `onCloseFrame` or `onBroken` nothing more may be read for it. */
export interface FrameSink {
  /** The reader's state of a partial message; `null` while there is none. */
  unfinished: Unfinished | null;
  onText(text: string): void;
  /** The bytes may be a part of the chunk. */
  onBytes(bytes: Buffer): void;
  /** A ping or a pong; the payload is only valid during the call. */
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** A valid close frame; 1005 when it has no code. The reason is only valid during the call. */
  onCloseFrame(code: number, reason: Buffer): void;
  onBroken(error: FrameError): void;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const LENGTH_16 = 126;
const NO_CODE = 1005;
// The limit of `ws`; empty fragments count.
const MOST_PIECES = 16_384;
// Buffers grow with the bytes received, whatever length is announced; none is shorter than this.
const SHORTEST_BUFFER = 512;
// Shorter and longer buffers are not reused for the next message.
const SHORTEST_SPARE = 16_384;
const LONGEST_SPARE = 131_072;
const MOST_SPARES = 8;
const NOTHING: Buffer = Buffer.alloc(0);
// Read on in another chunk, or never.
const STOP = -1;

/** The received part of a message, header or control frame that is incomplete. */
export class Unfinished {
  /** A header or control frame as far as it has come. */
  rest: Buffer | null = null;
  /** The message's opcode, 0 while there is none. */
  opcode = 0;
  payload: Buffer = NOTHING;
  filled = 0;
  pieces = 0;
  /** All bytes of it joined by "or": below 0x80 when they are ASCII. */
  joined = 0;
  // The frame that is being read.
  begin = 0;
  missing = 0;
  mask = 0;
  isLast = false;
}

/** From the frame's begin to its payload, the mask included. */
function headLength(second: number): 6 | 8 | 14 {
  const short = second & 0x7f;
  if (short < LENGTH_16) return 6;
  return short === LENGTH_16 ? 8 : 14;
}

function payloadLength(bytes: Buffer, at: number): number {
  const short = (bytes[at + 1] as number) & 0x7f;
  if (short < LENGTH_16) return short;
  if (short === LENGTH_16) return bytes.readUInt16BE(at + 2);
  return bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
}

/** Keeps a header or control frame until more of it comes. */
function keep(sink: FrameSink, bytes: Buffer): typeof STOP {
  sink.unfinished ??= new Unfinished();
  sink.unfinished.rest = Buffer.from(bytes);
  return STOP;
}

function broken(sink: FrameSink, error: FrameError): typeof STOP {
  sink.unfinished = null;
  sink.onBroken(error);
  return STOP;
}

/** Hands on a control frame; returns whether anything may follow. */
function control(sink: FrameSink, opcode: number, payload: Buffer): boolean {
  if (opcode === CLOSE) {
    closeFrame(sink, payload);
    return false;
  }
  if (opcode === PING) sink.onPing(payload);
  else sink.onPong(payload);
  return true;
}

function closeFrame(sink: FrameSink, payload: Buffer): void {
  const code = payload.length === 0 ? NO_CODE : payload.readUInt16BE(0);
  const reason = payload.subarray(2);
  if (payload.length > 0 && !isCloseCode(code)) {
    broken(sink, faults.closeCode(code));
  } else if (!isUtf8(reason)) broken(sink, faults.notUtf8());
  else {
    sink.unfinished = null;
    sink.onCloseFrame(code, reason);
  }
}

/** Reads frames for any number of connections. */
export class FrameReader {
  readonly #limit: number;
  /** Buffers of earlier text messages, for reuse. */
  readonly #spares: Buffer[] = [];
  // The frame that is being read, set before it is handed on and not looked at afterwards.
  readonly #mask = new Mask();
  #first = 0;
  #from = 0;
  #to = 0;
  #end = 0;

  /** `limit` is the longest message in bytes; 0 stands for no limit but that of strings. */
  constructor(limit: number) {
    this.#limit = Math.min(limit === 0 ? sizes.MAX_STRING_LENGTH : limit, sizes.MAX_STRING_LENGTH);
  }

  /** Reads the first `count` bytes of a chunk; they are unmasked where they lie, and handed on as parts of it. */
  read(sink: FrameSink, chunk: Buffer, count: number): void {
    const { unfinished } = sink;
    let bytes = chunk;
    let end = count;
    let at = 0;
    if (unfinished !== null) {
      if (unfinished.rest !== null) {
        bytes = Buffer.concat([unfinished.rest, chunk.subarray(0, count)]);
        end = bytes.length;
        unfinished.rest = null;
        if (unfinished.opcode === 0) sink.unfinished = null;
      } else if (unfinished.missing > 0) {
        at = this.#fill(sink, unfinished, chunk.subarray(0, count));
      }
    }
    while (at !== STOP && at < end) {
      // Set each time: handling a frame may cause frames of another connection to be read.
      this.#end = end;
      at = this.#frame(sink, bytes, at);
    }
  }

  /** Reads the frame at `at`; returns where the next one begins. */
  #frame(sink: FrameSink, bytes: Buffer, at: number): number {
    const end = this.#end;
    const here = end - at;
    if (here < 2) return keep(sink, bytes.subarray(at, end));
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    const { unfinished } = sink;
    if (unfinished !== null || (first !== 0x81 && first !== 0x82) || second < 0x80) {
      const fault = headFault(first, second, unfinished === null ? 0 : unfinished.opcode);
      if (fault !== null) return broken(sink, fault);
    }
    const head = headLength(second);
    if (here < head - 4) return keep(sink, bytes.subarray(at, end));
    const length = payloadLength(bytes, at);
    const isControl = (first & CLOSE) !== 0;
    if (!isControl && length > 0) {
      const fault = this.#lengthFault(unfinished === null ? 0 : unfinished.filled, length);
      if (fault !== null) return broken(sink, fault);
    }
    if (here < head) return keep(sink, bytes.subarray(at, end));
    const from = at + head;
    const to = from + length;
    this.#mask.readFrom(bytes, from - 4);
    this.#first = first;
    this.#from = from;
    this.#to = to;
    if (isControl) {
      if (to > end) return keep(sink, bytes.subarray(at, end));
      this.#mask.remove(bytes, from, to);
      return control(sink, first & 0x0f, bytes.subarray(from, to)) ? to : STOP;
    }
    if (unfinished === null && first >= 0x80 && to <= end) return this.#whole(sink, bytes);
    return this.#begin(sink, bytes);
  }

  #lengthFault(before: number, length: number): FrameError | null {
    if (length > Number.MAX_SAFE_INTEGER) return faults.aboveNumbers();
    return before + length > this.#limit ? faults.tooLong() : null;
  }

  /** A message in one frame, all of it here. */
  #whole(sink: FrameSink, bytes: Buffer): number {
    const from = this.#from;
    const to = this.#to;
    const joined = this.#mask.remove(bytes, from, to);
    if (this.#first === 0x82) sink.onBytes(bytes.subarray(from, to));
    else if (joined < 0x80) sink.onText(bytes.toString("latin1", from, to));
    else if (isUtf8(bytes.subarray(from, to))) sink.onText(bytes.toString("utf8", from, to));
    else return broken(sink, faults.notUtf8());
    return to;
  }

  /** A frame of a message in several, or one that is not all here. */
  #begin(sink: FrameSink, bytes: Buffer): number {
    const from = this.#from;
    sink.unfinished ??= new Unfinished();
    const message = sink.unfinished;
    if (message.opcode === 0) message.opcode = this.#first & 0x0f;
    message.begin = message.filled;
    message.missing = this.#to - from;
    message.mask = this.#mask.value;
    message.isLast = this.#first >= 0x80;
    const count = this.#fill(sink, message, bytes.subarray(from, this.#end));
    return count === STOP ? STOP : from + count;
  }

  /** Takes what has come of a frame's payload; returns how much, or `STOP`. */
  #fill(sink: FrameSink, message: Unfinished, bytes: Buffer): number {
    const count = Math.min(message.missing, bytes.length);
    if (count > 0) {
      this.#reserve(message, count);
      bytes.copy(message.payload, message.filled, 0, count);
      message.filled += count;
      message.missing -= count;
    }
    if (message.missing > 0) return STOP;
    this.#mask.value = message.mask;
    message.joined |= this.#mask.remove(message.payload, message.begin, message.filled);
    if (++message.pieces > MOST_PIECES) return broken(sink, faults.tooManyPieces());
    if (!message.isLast) return count;
    sink.unfinished = null;
    return this.#finish(sink, message) ? count : STOP;
  }

  /** Delivers an assembled message. */
  #finish(sink: FrameSink, { opcode, payload, filled, joined }: Unfinished): boolean {
    if (opcode === BINARY) {
      sink.onBytes(exactly(payload, filled));
      return true;
    }
    if (joined >= 0x80 && !isUtf8(payload.subarray(0, filled))) {
      broken(sink, faults.notUtf8());
      return false;
    }
    const text = payload.toString(joined < 0x80 ? "latin1" : "utf8", 0, filled);
    this.#spare(payload);
    sink.onText(text);
    return true;
  }

  /**
   * Makes the buffer long enough for `count` more bytes. It grows to twice the bytes received, so that all copies together are
   * linear in the message's length, but never past the message's end, where that is known, or the limit.
   */
  #reserve(message: Unfinished, count: number): void {
    const { filled, isLast, payload, missing, opcode } = message;
    const needed = filled + count;
    if (needed <= payload.length) return;
    const most = isLast ? filled + missing : this.#limit;
    const size = Math.min(most, Math.max(SHORTEST_BUFFER, 2 * needed));
    const spare = opcode === TEXT ? this.#takeSpare(size) : null;
    message.payload = spare ?? Buffer.allocUnsafe(size);
    payload.copy(message.payload, 0, 0, filled);
  }

  #spare(buffer: Buffer): void {
    const { length } = buffer;
    if (length < SHORTEST_SPARE || length > LONGEST_SPARE) return;
    if (this.#spares.length < MOST_SPARES) this.#spares.push(buffer);
  }

  #takeSpare(size: number): Buffer | null {
    const last = this.#spares.at(-1);
    if (size < SHORTEST_SPARE || last === undefined || last.length < size) return null;
    this.#spares.pop();
    return last;
  }
}

/** The first `length` bytes in a buffer of exactly that length. */
function exactly(bytes: Buffer, length: number): Buffer {
  if (bytes.length === length) return bytes;
  const exact = Buffer.allocUnsafe(length);
  bytes.copy(exact, 0, 0, length);
  return exact;
}
