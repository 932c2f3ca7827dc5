// Reads open network sockets into one shared buffer, as the option `onread` does for new sockets: no buffer and no
// stream event per read. Uses the two slots that `onread` fills, detected at start, and the handle's own method; where
// one of them is missing or in use, the socket is not changed and its owner reads events.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";

// Large enough for a message of 64 KiB with its header, so that it arrives in one read.
const SIZE = 131_072;

/** Called with the socket as `this` after each read; the bytes are only valid during the call. */
export type OnRead = (this: Duplex, count: number, buffer: Buffer) => boolean;

type Slots = Record<symbol, unknown>;

interface Handle {
  useUserBuffer?(buffer: Buffer): void;
}

/** The slots of a socket that hold its `onread` options, or `null` when this version of Node has moved them. */
function findSlots(): { readonly buffer: symbol; readonly callback: symbol } | null {
  const onread = { buffer: Buffer.alloc(1), callback: () => true };
  const trial = new Socket({ onread } as ConstructorParameters<typeof Socket>[0]);
  const slots = trial as unknown as Slots;
  const symbols = Object.getOwnPropertySymbols(trial);
  const buffer = symbols.find((symbol) => slots[symbol] === onread.buffer);
  const callback = symbols.find((symbol) => slots[symbol] === onread.callback);
  return buffer === undefined || callback === undefined ? null : { buffer, callback };
}

/** One buffer for the reads of any number of sockets. */
export class SharedReads {
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(SIZE);
  readonly #slots = findSlots();

  /** Whether these bytes are a view of the buffer, which the next read overwrites. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer.buffer;
  }

  /**
   * Makes `socket` read into the buffer from now on and resumes it. Returns `false` when it is neither a TCP connection
   * nor a pipe, or when it holds bytes that were received and not consumed.
   */
  take(socket: Duplex, onRead: OnRead): boolean {
    const slots = this.#slots;
    const isPlain: boolean = socket.constructor === Socket;
    if (slots === null || !isPlain || socket.readableLength > 0) return false;
    const handle = (socket as { _handle?: Handle | null })._handle;
    if (typeof handle?.useUserBuffer !== "function") return false;
    const own = socket as unknown as Slots;
    if (own[slots.buffer] !== null || own[slots.callback] !== null) return false;
    own[slots.buffer] = this.#buffer;
    own[slots.callback] = onRead;
    handle.useUserBuffer(this.#buffer);
    socket.resume();
    return true;
  }
}
