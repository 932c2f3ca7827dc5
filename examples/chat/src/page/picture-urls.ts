// Turns pictures into URLs that an image can show. Bytes that came along with a message are used
// as they are; those of older messages are asked of the server when they are needed.

import type { Answer, Bytes, PictureInfo } from "../shared/events.ts";
import { pictureTypeOf } from "../shared/picture-type.ts";

const mostKept = 100;

/** Asks the server for a picture's bytes, and waits for the connection if it has to. */
export type FetchPicture = (id: string) => Promise<Answer<Bytes>>;

/** URLs by picture id. */
export class PictureUrls {
  readonly #fetch: FetchPicture;
  readonly #urls: Map<string, string> = new Map();

  constructor(fetch: FetchPicture) {
    this.#fetch = fetch;
  }

  /** The bytes of this picture are at hand: no need to ask for them. */
  provide(id: string, bytes: Bytes): void {
    if (!this.#urls.has(id)) this.#keep(id, urlOf(bytes));
  }

  /** A picture that was known as `draftId` is now known as `id`. */
  rename(draftId: string, id: string): void {
    const url = this.#urls.get(draftId);
    if (url === undefined) return;
    this.#urls.delete(draftId);
    this.#keep(id, url);
  }

  /** A URL for the picture, or `undefined` when the server keeps it no longer. */
  async urlFor({ id }: PictureInfo): Promise<string | undefined> {
    const known = this.#urls.get(id);
    if (known !== undefined) return known;
    const answer = await this.#fetch(id);
    if (!answer.ok) return undefined;
    this.provide(id, answer.value);
    return this.#urls.get(id);
  }

  #keep(id: string, url: string): void {
    this.#urls.set(id, url);
    const [oldest] = this.#urls;
    if (this.#urls.size > mostKept && oldest !== undefined) {
      this.#urls.delete(oldest[0]);
      URL.revokeObjectURL(oldest[1]);
    }
  }
}

// Copied into a plain array first: a view may be on memory that a Blob does not accept.
function urlOf(bytes: Bytes): string {
  const copy = new Uint8Array(bytes);
  return URL.createObjectURL(new Blob([copy], { type: pictureTypeOf(copy) ?? "" }));
}
