// The states of a socket. A state holds only what is true in it.

/** Where a socket stands. */
export type SocketState =
  /** Not wanted: never connected, closed by either side, or refused. */
  | { readonly kind: "disconnected" }
  /** Wanted: waits for the connection, or for the server's answer. */
  | { readonly kind: "connecting" }
  | { readonly kind: "connected"; readonly id: string };
