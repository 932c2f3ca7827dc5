// Where a socket stands, for either client. Ours says it itself; of Socket.IO's it is put together from its events.

import type { UntypedListener } from "@sockeye/events";
import type { AnySocket, Listening } from "./any-socket.ts";

/**
 * Where the connection stands.
 *
 * - `idle`: not asked for yet, as while a server renders
 * - `connecting`: `attempt` is 0 for the first connection, and the number of the attempt while reconnecting
 * - `open`: connected, over `transport`
 * - `waiting`: lost, or not made; attempt number `attempt` follows at `until`, a time as `Date.now()` gives it, which
 *   `socket.io-client` does not say
 * - `closed`: not connected; `advice` is `"connect"` when only `socket.connect()` helps, `"none"` when the application has closed it
 */
export type SocketStatus =
  | { readonly state: "idle" }
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "open"; readonly transport: string }
  | { readonly state: "waiting"; readonly attempt: number; readonly until?: number }
  | { readonly state: "closed"; readonly reason: string; readonly advice: string };

/** The status of a socket that nothing has been asked of. */
export const IDLE: SocketStatus = Object.freeze({ state: "idle" });

/** A socket that knows its status. */
interface WithStatus extends AnySocket {
  readonly status: SocketStatus;
  onStatus(listener: (status: SocketStatus) => void): () => void;
}

/** What Socket.IO's socket has beside the contract of `AnySocket`. */
type WithManager = Omit<AnySocket, keyof Listening> &
  Listening & {
    readonly io?: Listening & {
      readonly engine?: { readonly transport?: { readonly name?: string } };
    };
  };

const hasStatus = (socket: AnySocket): socket is WithStatus => "onStatus" in socket;

/**
 * Calls `listener` with the status, and with each new one.
 * @returns a function that ends it, and leaves no listener behind
 */
export function watchStatus(
  socket: AnySocket,
  listener: (status: SocketStatus) => void,
): () => void {
  if (!hasStatus(socket)) return watchEvents(socket as WithManager, listener);
  listener(socket.status);
  return socket.onStatus(listener);
}

function watchEvents(socket: WithManager, listener: (status: SocketStatus) => void): () => void {
  let attempt = 0;
  const open = (): void => {
    attempt = 0;
    listener({ state: "open", transport: socket.io?.engine?.transport?.name ?? "" });
  };
  const lost = (reason: string): void => {
    if (socket.active) listener({ state: "waiting", attempt: attempt + 1 });
    else {
      const advice = reason === "io client disconnect" ? "none" : "connect";
      listener({ state: "closed", reason, advice });
    }
  };
  const ofSocket: Record<string, UntypedListener> = {
    connect: open,
    disconnect: lost,
    connect_error: (error: Error) => lost(error.message),
  };
  const ofManager: Record<string, UntypedListener> = {
    reconnect_attempt: (number: number) => {
      attempt = number;
      listener({ state: "connecting", attempt });
    },
    reconnect_failed: () =>
      listener({ state: "closed", reason: "reconnect_failed", advice: "connect" }),
  };
  for (const [event, call] of Object.entries(ofSocket)) socket.on(event, call);
  for (const [event, call] of Object.entries(ofManager)) socket.io?.on(event, call);
  if (socket.connected) open();
  else listener(socket.active ? { state: "connecting", attempt: 0 } : IDLE);
  return () => {
    for (const [event, call] of Object.entries(ofSocket)) socket.off(event, call);
    for (const [event, call] of Object.entries(ofManager)) socket.io?.off(event, call);
  };
}
