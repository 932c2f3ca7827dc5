// A message to many connections: encoded once by the codec, framed once per host.

import type { Frame } from "@sockeye/protocol";
import type { Framer, PreparedFrame } from "./ports/raw-socket.ts";

/** Bytes, or characters of text. */
function sizeOf(frames: readonly Frame[]): number {
  let size = 0;
  for (const frame of frames) size += frame.length;
  return size;
}

/** The frames of one message, with their wire form once it is needed. */
export class SharedMessage {
  readonly frames: readonly Frame[];
  readonly compress: boolean;
  /** Bytes, or characters of text, of all frames. */
  readonly size: number;
  #framer: Framer | null = null;
  #prepared: readonly PreparedFrame[] | null = null;

  /** `frames` in the form of a WebSocket: text with its type character, bytes bare. */
  constructor(frames: readonly Frame[], compress: boolean) {
    this.frames = frames;
    this.size = sizeOf(frames);
    this.compress = compress;
  }

  preparedBy(framer: Framer): readonly PreparedFrame[] {
    if (this.#prepared === null || this.#framer !== framer) {
      this.#framer = framer;
      this.#prepared = this.frames.map((frame) => framer.prepare(frame));
    }
    return this.#prepared;
  }
}
