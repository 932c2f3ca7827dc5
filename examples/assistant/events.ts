// The events between the page and the server, and what they carry.

/** A question or an answer. */
export interface Turn {
  readonly id: string;
  readonly from: "person" | "assistant";
  readonly text: string;
  /** Whether more of it follows. */
  readonly isGrowing: boolean;
}

/** A question as it is asked. The page makes the id: sent again after a lost connection, it is the same question. */
export interface Question {
  readonly id: string;
  readonly text: string;
}

export interface ServerToClient {
  /** All that was said, with each connection: after a reload as after a lost network. */
  conversation: (turns: Turn[]) => void;
  turn: (turn: Turn) => void;
  /** A piece of an answer. `at` is where it begins, so that a page sees when it has missed one. */
  piece: (id: string, at: number, text: string) => void;
  /** An answer is complete. */
  done: (id: string) => void;
}

export interface ClientToServer {
  ask: (question: Question, done: () => void) => void;
  stop: (done: () => void) => void;
}

/** An outbox in a store adds an id of its own to each event, in front of the acknowledgement. */
interface Kept {
  readonly outboxId: string;
}

/** The same as the server gets them. */
export interface FromOutbox {
  ask: (question: Question, kept: Kept, done: () => void) => void;
  stop: (kept: Kept, done: () => void) => void;
}
