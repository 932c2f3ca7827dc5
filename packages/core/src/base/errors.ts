// The errors of the core: the one table of their codes and messages. The messages are Socket.IO's where it has such an
// error; applications compare them.

/** Messages by code; a comment says when the error occurs. */
export const CORE_ERRORS = {
  /** Thrown by `emit` and its variants: the library uses the event name itself. */
  ERR_RESERVED_EVENT: (event: string) => `"${event}" is a reserved event name`,
  /** Given to the callback, or rejects `emitWithAck`: the time of `timeout()` was up before the client answered. */
  ERR_ACK_TIMEOUT: () => "operation has timed out",
  /** Given to the callback, or rejects `emitWithAck`: the socket disconnected before the client answered. */
  ERR_DISCONNECTED: () => "socket has been disconnected",
  /** Thrown by `of`: the regular expression is global or sticky. */
  ERR_NAMESPACE_PATTERN: () => "stateful regular expressions are not supported",
  /** Thrown by `fetchSockets` of a parent namespace. */
  ERR_PARENT_NAMESPACE: () => "fetchSockets() is not supported on parent namespaces",
  /** Sent to the client as `connect_error`: the adapter failed while the client joined. */
  ERR_JOIN_FAILED: () => "the namespace could not be joined",
} as const;

/** The codes of the core's errors. */
export type CoreErrorCode = keyof typeof CORE_ERRORS;

/** An error of the core with its code. */
export interface CoreError extends Error {
  readonly code: CoreErrorCode;
}

/** Creates the error of a code; `args` fill in its message. The code is not enumerable: the error compares as Socket.IO's. */
export function coreError<Code extends CoreErrorCode>(
  code: Code,
  ...args: Parameters<(typeof CORE_ERRORS)[Code]>
): CoreError {
  const messageOf = CORE_ERRORS[code] as (...values: typeof args) => string;
  return Object.defineProperty(new Error(messageOf(...args)), "code", { value: code }) as CoreError;
}
