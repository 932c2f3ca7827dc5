// The errors of the outbox: codes, messages, and when each occurs.

/** The codes of the outbox's errors. */
export type OutboxErrorCode =
  /** `the outbox has been cleared`: passed to acknowledgements by `outbox.clear()`, of this page or of another one. */
  | "ERR_OUTBOX_CLEARED"
  /** `the outbox is full`: passed to acknowledgements: a newer event took its place. */
  | "ERR_OUTBOX_FULL"
  /** `the event is older than maxAge`: passed to acknowledgements: the event could not be sent in time. */
  | "ERR_OUTBOX_EXPIRED"
  /** `another page has sent the event`: passed to acknowledgements: the event was sent, the answer is unknown here. */
  | "ERR_OUTBOX_ANSWER_LOST"
  /** `the store does not answer`: reported to `onProblem`. */
  | "ERR_OUTBOX_STORE"
  /** `cannot be stored: <type>`: a `TypeError`, thrown by `emit`. */
  | "ERR_OUTBOX_DATA";

/** An error with a code. */
export interface OutboxError extends Error {
  readonly code: OutboxErrorCode;
}

/** Creates an error of the table. `code` is not enumerable, as that of the other errors of the client. */
export function outboxError(code: OutboxErrorCode, message: string): OutboxError {
  return Object.defineProperty(new Error(message), "code", { value: code }) as OutboxError;
}

/** The error of what `outbox.clear()` forgets. */
export const clearedError = (): OutboxError =>
  outboxError("ERR_OUTBOX_CLEARED", "the outbox has been cleared");
