// Reads the frames of a WebSocket client (RFC 6455, 5): unmasks, joins fragments, reports violations.
// No extensions. It knows no runtime, no sockets and sends nothing; the partial state of a connection is stored in its sink.
// Hot path: a frame that is complete in its chunk is read in place, without stored state.

import type { Bytes } from "./bytes.ts";
import { type FrameError, faults, headFault, isCloseCode } from "./frame-error.ts";
import { Mask } from "./mask.ts";

/** The receiver of frames. After `onCloseFrame` or `onBroken` no more may be read for it. */
export interface FrameSink<B extends Uint8Array = Uint8Array> {
  /** The reader's partial state; `null` between frames and messages. */
  unfinished: Unfinished<B> | null;
  onText(text: string): void;
  /** The bytes may be a view of the chunk. */
  onBytes(bytes: B): void;
  /** A ping or a pong; the payload is only valid during the call. */
  onPing(payload: B): void;
  onPong(payload: B): void;
  /** A valid close frame; 1005 when it has no code. The reason is only valid during the call. */
  onCloseFrame(code: number, reason: B): void;
  onBroken(error: FrameError): void;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const LENGTH_16 = 126;
const NO_CODE = 1005;
// The limit of `ws`, empty fragments included.
const MOST_PIECES = 16_384;
// Buffers grow with the received bytes, not with the announced length; none is shorter than this.
const SHORTEST_BUFFER = 512;
// Only buffers of this length are reused for the next message.
const SHORTEST_SPARE = 16_384;
const LONGEST_SPARE = 131_072;
const MOST_SPARES = 8;
// Continue with the next chunk, or stop for good.
const STOP = -1;

/** The received part of an incomplete message, header or control frame. */
export class Unfinished<B extends Uint8Array = Uint8Array> {
  /** The received part of a header or control frame. */
  rest: B | null = null;
  /** The message's opcode, 0 while there is none. */
  opcode = 0;
  /** The received part of the message, in the first `filled` bytes. */
  payload: B | null = null;
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

/** The length of a header, from the begin of the frame to its payload, including the mask. */
function headLength(second: number): 6 | 8 | 14 {
  const short = second & 0x7f;
  if (short < LENGTH_16) return 6;
  return short === LENGTH_16 ? 8 : 14;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function payloadLength(bytes: Uint8Array, at: number): number {
  const short = (bytes[at + 1] as number) & 0x7f;
  if (short < LENGTH_16) return short;
  if (short === LENGTH_16) return word(bytes, at + 2);
  const high = word(bytes, at + 2) * 2 ** 16 + word(bytes, at + 4);
  return high * 2 ** 32 + word(bytes, at + 6) * 2 ** 16 + word(bytes, at + 8);
}

function broken<B extends Uint8Array>(sink: FrameSink<B>, error: FrameError): typeof STOP {
  sink.unfinished = null;
  sink.onBroken(error);
  return STOP;
}

/** A part of bytes. Every view of a runtime's class of bytes is one too. */
function view<B extends Uint8Array>(bytes: B, from: number, to: number): B {
  return bytes.subarray(from, to) as B;
}

/** Reads frames for any number of connections. */
export class FrameReader<B extends Uint8Array = Uint8Array> {
  readonly #bytes: Bytes<B>;
  readonly #limit: number;
  /** Buffers in which text messages were joined, for reuse. */
  readonly #spares: B[] = [];
  // The current frame; not read after it is passed on.
  readonly #mask = new Mask();
  #first = 0;
  #from = 0;
  #to = 0;
  #end = 0;

  /** `limit` is the longest message in bytes; 0 means no limit except that of strings. */
  constructor(limit: number, bytes: Bytes<B>) {
    const { longestString } = bytes;
    this.#bytes = bytes;
    this.#limit = Math.min(limit === 0 ? longestString : limit, longestString);
  }

  /** Reads the first `count` bytes of a chunk; they are unmasked in place, and passed on as views. */
  read(sink: FrameSink<B>, chunk: B, count: number): void {
    const { unfinished } = sink;
    let bytes = chunk;
    let end = count;
    let at = 0;
    if (unfinished !== null) {
      if (unfinished.rest !== null) {
        bytes = this.#joined(unfinished.rest, view(chunk, 0, count));
        end = bytes.length;
        unfinished.rest = null;
        if (unfinished.opcode === 0) sink.unfinished = null;
      } else if (unfinished.missing > 0) {
        at = this.#fill(sink, unfinished, view(chunk, 0, count));
      }
    }
    while (at !== STOP && at < end) {
      // Set each time, because a receiver of a frame may cause other reads.
      this.#end = end;
      at = this.#frame(sink, bytes, at);
    }
  }

  /** Reads the frame at `at`; returns where the next one begins. */
  #frame(sink: FrameSink<B>, bytes: B, at: number): number {
    const end = this.#end;
    const here = end - at;
    if (here < 2) return this.#keep(sink, view(bytes, at, end));
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    const { unfinished } = sink;
    if (unfinished !== null || (first !== 0x81 && first !== 0x82) || second < 0x80) {
      const fault = headFault(first, second, unfinished === null ? 0 : unfinished.opcode);
      if (fault !== null) return broken(sink, fault);
    }
    const head = headLength(second);
    if (here < head - 4) return this.#keep(sink, view(bytes, at, end));
    const length = payloadLength(bytes, at);
    const isControl = (first & CLOSE) !== 0;
    if (!isControl && length > 0) {
      const fault = this.#lengthFault(unfinished === null ? 0 : unfinished.filled, length);
      if (fault !== null) return broken(sink, fault);
    }
    if (here < head) return this.#keep(sink, view(bytes, at, end));
    const from = at + head;
    const to = from + length;
    this.#mask.readFrom(bytes, from - 4);
    this.#first = first;
    this.#from = from;
    this.#to = to;
    if (isControl) {
      if (to > end) return this.#keep(sink, view(bytes, at, end));
      this.#mask.remove(bytes, from, to);
      return this.#control(sink, first & 0x0f, view(bytes, from, to)) ? to : STOP;
    }
    if (unfinished === null && first >= 0x80 && to <= end) return this.#whole(sink, bytes);
    return this.#readFragment(sink, bytes);
  }

  #lengthFault(before: number, length: number): FrameError | null {
    if (length > Number.MAX_SAFE_INTEGER) return faults.aboveNumbers();
    return before + length > this.#limit ? faults.tooLong(this.#limit) : null;
  }

  /** A message in one complete frame. */
  #whole(sink: FrameSink<B>, bytes: B): number {
    const from = this.#from;
    const to = this.#to;
    const joined = this.#mask.remove(bytes, from, to);
    if (this.#first === 0x82) sink.onBytes(view(bytes, from, to));
    else if (joined < 0x80) sink.onText(this.#bytes.latin1(bytes, from, to));
    else if (this.#bytes.isUtf8(view(bytes, from, to))) {
      sink.onText(this.#bytes.utf8(bytes, from, to));
    } else return broken(sink, faults.notUtf8());
    return to;
  }

  /** A fragment, or an incomplete frame. */
  #readFragment(sink: FrameSink<B>, bytes: B): number {
    const from = this.#from;
    sink.unfinished ??= new Unfinished();
    const message = sink.unfinished;
    if (message.opcode === 0) message.opcode = this.#first & 0x0f;
    message.begin = message.filled;
    message.missing = this.#to - from;
    message.mask = this.#mask.value;
    message.isLast = this.#first >= 0x80;
    const count = this.#fill(sink, message, view(bytes, from, this.#end));
    return count === STOP ? STOP : from + count;
  }

  /** Reads the received part of a frame's payload; returns its length, or `STOP`. */
  #fill(sink: FrameSink<B>, message: Unfinished<B>, bytes: B): number {
    const count = Math.min(message.missing, bytes.length);
    const payload = this.#reserve(message, count);
    if (count > 0) {
      payload.set(count === bytes.length ? bytes : view(bytes, 0, count), message.filled);
      message.filled += count;
      message.missing -= count;
    }
    if (message.missing > 0) return STOP;
    this.#mask.value = message.mask;
    message.joined |= this.#mask.remove(payload, message.begin, message.filled);
    if (++message.pieces > MOST_PIECES) return broken(sink, faults.tooManyPieces());
    if (!message.isLast) return count;
    sink.unfinished = null;
    return this.#finish(sink, message, payload) ? count : STOP;
  }

  /** Passes on a joined message. */
  #finish(sink: FrameSink<B>, { opcode, filled, joined }: Unfinished<B>, payload: B): boolean {
    if (opcode === BINARY) {
      sink.onBytes(this.#exactly(payload, filled));
      return true;
    }
    if (joined >= 0x80 && !this.#bytes.isUtf8(view(payload, 0, filled))) {
      broken(sink, faults.notUtf8());
      return false;
    }
    const text =
      joined < 0x80 ? this.#bytes.latin1(payload, 0, filled) : this.#bytes.utf8(payload, 0, filled);
    this.#spare(payload);
    sink.onText(text);
    return true;
  }

  /**
   * The buffer with space for `count` more bytes. Grows it to at least twice the received length, so that the total of
   * copies is linear in the message's bytes, but not beyond the message's end where that is known, nor beyond the limit.
   */
  #reserve(message: Unfinished<B>, count: number): B {
    const { filled, isLast, payload, missing, opcode } = message;
    const needed = filled + count;
    if (payload !== null && needed <= payload.length) return payload;
    const most = isLast ? filled + missing : this.#limit;
    const size = Math.min(most, Math.max(SHORTEST_BUFFER, 2 * needed));
    const spare = opcode === TEXT ? this.#takeSpare(size) : null;
    const grown = spare ?? this.#bytes.allocate(size);
    if (payload !== null) grown.set(view(payload, 0, filled));
    message.payload = grown;
    return grown;
  }

  #spare(buffer: B): void {
    const { length } = buffer;
    if (length < SHORTEST_SPARE || length > LONGEST_SPARE) return;
    if (this.#spares.length < MOST_SPARES) this.#spares.push(buffer);
  }

  #takeSpare(size: number): B | null {
    const last = this.#spares.at(-1);
    if (size < SHORTEST_SPARE || last === undefined || last.length < size) return null;
    this.#spares.pop();
    return last;
  }

  /** Stores an incomplete header or control frame. */
  #keep(sink: FrameSink<B>, bytes: B): typeof STOP {
    sink.unfinished ??= new Unfinished();
    const rest = this.#bytes.allocate(bytes.length);
    rest.set(bytes);
    sink.unfinished.rest = rest;
    return STOP;
  }

  /** Passes on a control frame; returns whether frames may follow. */
  #control(sink: FrameSink<B>, opcode: number, payload: B): boolean {
    if (opcode === CLOSE) {
      this.#closeFrame(sink, payload);
      return false;
    }
    if (opcode === PING) sink.onPing(payload);
    else sink.onPong(payload);
    return true;
  }

  #closeFrame(sink: FrameSink<B>, payload: B): void {
    const code = payload.length === 0 ? NO_CODE : word(payload, 0);
    const reason = view(payload, 2, payload.length);
    if (payload.length > 0 && !isCloseCode(code)) {
      broken(sink, faults.closeCode(code));
    } else if (!this.#bytes.isUtf8(reason)) broken(sink, faults.notUtf8());
    else {
      sink.unfinished = null;
      sink.onCloseFrame(code, reason);
    }
  }

  #joined(first: B, second: B): B {
    const joined = this.#bytes.allocate(first.length + second.length);
    joined.set(first);
    joined.set(second, first.length);
    return joined;
  }

  /** The first `length` bytes, in a buffer of exactly that length. */
  #exactly(bytes: B, length: number): B {
    if (bytes.length === length) return bytes;
    const exact = this.#bytes.allocate(length);
    exact.set(view(bytes, 0, length));
    return exact;
  }
}
