// The events between pages and server. What a text is and how changes are merged is Yjs's business: here they are bytes.

/** Bytes: what is sent is a typed array, what a page receives an `ArrayBuffer`. */
export type Bytes = Uint8Array | ArrayBuffer;

/** Somebody who has the page open. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The colour of their sign, as an angle. */
  readonly hue: number;
  /** The line of their cursor, from 1. */
  readonly line: number;
}

/** What the other side lacks, and what one has oneself. */
interface Sync {
  readonly missing: Bytes;
  readonly vector: Bytes;
}

export interface ServerToClient {
  update: (update: Bytes) => void;
  people: (people: Person[]) => void;
}

export interface ClientToServer {
  /** With each connection: the page says what it has, and gets the rest. */
  sync: (vector: Bytes, answer: (sync: Sync) => void) => void;
  update: (update: Bytes) => void;
  line: (line: number) => void;
}
