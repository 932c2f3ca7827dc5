// Lets network sockets that are open already be read into one buffer, as `onread` does for sockets one makes oneself:
// no buffer, no stream event per read. Uses the two slots that `onread` fills, found by trying them, and the
// handle's own method; where any of it is missing or in use, the socket is left alone and its owner reads events.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";

// A message of 64 KiB and its header fit, so that they need not be put together of two reads.
const SIZE = 131_072;

/** Called with the socket as `this` after each read; what was read is only valid during the call. */
export type OnRead = (this: Duplex, count: number, buffer: Buffer) => boolean;

type Slots = Record<symbol, unknown>;

interface Handle {
  useUserBuffer?(buffer: Buffer): void;
}

/** The slots of a socket that hold its `onread` options, or `null` when they are not where they were. */
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

  /** Whether these bytes lie in the buffer, where the next read will overwrite them. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer.buffer;
  }

  /**
   * Makes `socket` read into the buffer from now on and lets it flow. Returns whether it does: not when it is
   * something else than a TCP connection or a pipe, or when it holds bytes that were read and not consumed.
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
