// The table of the core's errors. Where Socket.IO has such an error the message is Socket.IO's, because applications
// compare it.

import { type CodedError, type ErrorFactory, errorFactory, withHelp } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const CORE_ERRORS = {
  /** Thrown by `emit` and its variants: the library uses the event name itself. */
  ERR_RESERVED_EVENT: (event: string) => `"${event}" is a reserved event name`,
  /** Thrown by `emit` and its variants: the name is neither a text nor a number. */
  ERR_EVENT_NAME: (given: string): string =>
    withHelp(`an event needs a name, a text or a number, not ${given}`, "ERR_EVENT_NAME"),
  /** Passed to the callback, or rejects `emitWithAck`: the time of `timeout()` was up before the client answered. */
  ERR_ACK_TIMEOUT: () => "operation has timed out",
  /**
   * Passed to the callback, or rejects `emitWithAck`: the socket disconnected before the client answered. Rejects `drained`: it
   * disconnected before everything had left.
   */
  ERR_DISCONNECTED: () => "socket has been disconnected",
  /**
   * Passed to the callback of a broadcast, or rejects its `emitWithAck`: a server of the cluster has left before its
   * clients answered. Has `responses`, and `servers` (the ids of those servers).
   */
  ERR_SERVER_LOST: (clients: number) =>
    `clients cannot answer because their server has left: ${clients} of those that were counted`,
  /** Thrown by `of`: the regular expression is global or sticky. */
  ERR_NAMESPACE_PATTERN: () => "stateful regular expressions are not supported",
  /** Thrown by `fetchSockets` of a parent namespace. */
  ERR_PARENT_NAMESPACE: () => "fetchSockets() is not supported on parent namespaces",
  /** Sent to the client as `connect_error`: the adapter failed while the client joined. */
  ERR_JOIN_FAILED: () => "the namespace could not be joined",
} as const;

/** The codes of the core's errors. */
export type CoreErrorCode = keyof typeof CORE_ERRORS;

/** An error of the core. */
export type CoreError = CodedError<CoreErrorCode>;

/** Creates an error of the core; the values fill in its message. */
export const coreError: ErrorFactory<typeof CORE_ERRORS> = errorFactory(CORE_ERRORS);
