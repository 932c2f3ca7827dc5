// Why a socket disconnected. The strings are Socket.IO's.

import type { Reason } from "@sockeye/engine";

/** Why a socket disconnected, as the server's `disconnect` event reports it. */
export type DisconnectReason =
  | Reason
  /** `io.close()` was called. */
  | "server shutting down"
  /** The client violated Socket.IO's protocol, joined no namespace in time, or the server closed its connection. */
  | "forced server close"
  /** The client left the namespace. */
  | "client namespace disconnect"
  /** The server disconnected the socket from the namespace. */
  | "server namespace disconnect";

/** Reasons after which a session may be recovered: the client did not leave on purpose. */
export const RECOVERABLE: ReadonlySet<DisconnectReason> = new Set<DisconnectReason>([
  "transport error",
  "transport close",
  "forced close",
  "ping timeout",
  "slow consumer",
  "server shutting down",
  "forced server close",
]);
