// A file that arrives in pieces. It knows how far it is, also when the page that sends it is another one than before.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export class IncomingFile {
  readonly size: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  #next = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, handle: FileHandle, size: number) {
    this.#path = path;
    this.#handle = handle;
    this.size = size;
  }

  static async open(path: string, size: number): Promise<IncomingFile> {
    return new IncomingFile(path, await open(path, "w"), size);
  }

  /** Where the next piece has to begin. */
  get next(): number {
    return this.#next;
  }

  /** Writes a piece, unless it is one that came before or comes too early; resolves when it is written. */
  async write(at: number, bytes: Uint8Array): Promise<void> {
    const isWanted = at === this.#next && at + bytes.length <= this.size;
    if (isWanted) {
      this.#next += bytes.length;
      this.#writing = this.#handle.write(bytes, 0, bytes.length, at);
    }
    await this.#writing;
  }

  /** The digest of what is on the disk. */
  async digest(): Promise<string> {
    await this.#writing;
    const hash = createHash("sha256");
    for await (const bytes of createReadStream(this.#path)) hash.update(bytes);
    return hash.digest("hex");
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
