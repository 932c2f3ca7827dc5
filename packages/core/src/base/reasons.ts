// Why a socket disconnected: Socket.IO's strings, and where each comes from.

import type { Reason } from "@sockeye/engine";

/** Why a socket disconnected, as the server's `disconnect` event tells it. */
export type DisconnectReason =
  | Reason
  /** The server is closing down. */
  | "server shutting down"
  /** The peer broke Socket.IO's protocol, joined no namespace in time, or its connection was closed by the server. */
  | "forced server close"
  /** The peer left the namespace. */
  | "client namespace disconnect"
  /** The server put the peer out of the namespace. */
  | "server namespace disconnect";

/** Reasons after which a socket may come back and continue: the peer did not mean to leave. */
export const RECOVERABLE: ReadonlySet<DisconnectReason> = new Set<DisconnectReason>([
  "transport error",
  "transport close",
  "forced close",
  "ping timeout",
  "server shutting down",
  "forced server close",
]);
