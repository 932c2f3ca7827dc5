// The bytes of the pictures in the history. The oldest make room when the store is full, so the
// server's memory stays bounded whatever people send.

import { randomUUID } from "node:crypto";
import type { PictureInfo } from "../shared/events.ts";
import type { CheckedPicture } from "./input.ts";
import { Refusal } from "./refusal.ts";

/** Pictures by id, bounded by the sum of their sizes. */
export class Pictures {
  readonly #limit: number;
  #bytesById: Map<string, Uint8Array> = new Map();
  #size = 0;

  /** @param limit Bytes to keep at most, all pictures together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps a picture and gives it an id. */
  keep({ bytes, type, width, height }: CheckedPicture): PictureInfo {
    const id = randomUUID();
    this.#bytesById.set(id, bytes);
    this.#size += bytes.byteLength;
    this.#dropOldest();
    return { id, type, width, height };
  }

  /** The bytes of a picture; refuses when it was never there or had to make room. */
  bytesOf(id: string): Uint8Array {
    const bytes = this.#bytesById.get(id);
    if (bytes === undefined) throw new Refusal("no-picture", "This picture is no longer kept.");
    return bytes;
  }

  #dropOldest(): void {
    for (const [id, bytes] of this.#bytesById) {
      if (this.#size <= this.#limit) return;
      this.#bytesById.delete(id);
      this.#size -= bytes.byteLength;
    }
  }
}
