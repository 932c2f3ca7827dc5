// Why a connection ended. The strings are Socket.IO's, and public.

/** Why an engine connection closed. */
export type Reason =
  /** The server closed it. */
  | "forced close"
  /** The client closed it, or the network connection ended. */
  | "transport close"
  /** The network connection failed, or the client violated the rules of its transport. */
  | "transport error"
  /** The client sent something that is not an Engine.IO packet. */
  | "parse error"
  /** The client did not answer a ping in time. */
  | "ping timeout"
  /** More waits for the client than a limit allows, because it does not read; the details name the limit and its value. */
  | "slow consumer";

/** A reason, with the error that caused it, if any. */
export interface Closing {
  readonly reason: Reason;
  readonly error?: Error | undefined;
}
