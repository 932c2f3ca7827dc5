// The table of transports: what the engine must know of a kind before one of it is made. A further transport is a file
// that implements `Transport`, and a row that its host hands to the engine.

/** How a request arrived: as plain HTTP, or as a handshake that the host completes itself. */
export type Arrival = "http" | "upgrade";

/** A kind of transport. */
export interface TransportKind {
  /** Its name in requests. */
  readonly name: string;
  /** How its sessions are opened. `"upgrade"`: the host asks `admit`, and hands the transport to `adopt`. */
  readonly arrival: Arrival;
  /** Whether a session may move `from` it to another transport, or `to` it from another one. */
  readonly upgrades: "from" | "to";
  /** Whether frames wait until the peer asks for them. */
  readonly isPolled: boolean;
}

export const POLLING: TransportKind = {
  name: "polling",
  arrival: "http",
  upgrades: "from",
  isPolled: true,
};

export const WEBSOCKET: TransportKind = {
  name: "websocket",
  arrival: "upgrade",
  upgrades: "to",
  isPolled: false,
};

/** The kinds that the engine brings itself. */
export const ownKinds: readonly TransportKind[] = [POLLING, WEBSOCKET];
