// Where a manager or a socket stands, as applications see it.

/**
 * What follows a closed connection. `"wait"`: the client reconnects by itself. `"connect"`: it does not before
 * `connect()` is called. `"none"`: the application has closed it.
 */
export type Advice = "wait" | "connect" | "none";

/**
 * Where a manager or a socket stands.
 *
 * - `idle`: nothing has been asked for yet
 * - `connecting`: `attempt` is 0 for the first connection, and the number of the attempt while reconnecting
 * - `open`: connected, over `transport`; of a socket: its namespace has been joined
 * - `waiting`: the connection was lost, or could not be made; attempt number `attempt` begins at `until`, a time as
 *   `Date.now()` gives it
 * - `closed`: not connected, for the reason `reason`; `advice` says what follows
 *
 * @example
 * socket.onStatus((status) => {
 *   banner.textContent =
 *     status.state === "waiting"
 *       ? `Trying again in ${Math.ceil((status.until - Date.now()) / 1000)} s`
 *       : status.state;
 * });
 */
export type Status =
  | { readonly state: "idle" }
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "open"; readonly transport: string }
  | { readonly state: "waiting"; readonly attempt: number; readonly until: number }
  | { readonly state: "closed"; readonly reason: string; readonly advice: Advice };

/** Every member that a status may have. */
export interface StatusMembers {
  readonly state: Status["state"];
  readonly attempt?: number;
  readonly transport?: string;
  readonly until?: number;
  readonly reason?: string;
  readonly advice?: Advice;
}
