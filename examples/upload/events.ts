// The events between page and server.

/** What a file is known by: the same file continues the same upload. */
export interface FileHead {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** Where the next piece has to begin, or why there is none. */
export type Position = { readonly next: number } | { readonly problem: string };

/** One piece of a file. */
export interface Piece {
  readonly id: string;
  readonly at: number;
  readonly bytes: Uint8Array | ArrayBuffer;
}

/** What the server has when a file is complete. */
type Stored = { readonly sha256: string } | { readonly problem: string };

export type ServerToClient = Record<never, never>;

export interface ClientToServer {
  begin: (head: FileHead, answer: (position: Position) => void) => void;
  /** Acknowledged when it is on the disk: so a page sends no faster than the server writes. */
  piece: (piece: Piece, answer: (position: Position) => void) => void;
  end: (id: string, answer: (stored: Stored) => void) => void;
}

export const PIECE_BYTES: number = 256 * 1024;
export const LARGEST_FILE: number = 200 * 1024 * 1024;
