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
  /** Whether a session may move away from it (`source`), or from another one to it (`target`). */
  readonly upgrades: "source" | "target";
  /** Whether frames wait until the peer asks for them. */
  readonly isPolled: boolean;
}

export const POLLING: TransportKind = {
  name: "polling",
  arrival: "http",
  upgrades: "source",
  isPolled: true,
};

export const WEBSOCKET: TransportKind = {
  name: "websocket",
  arrival: "upgrade",
  upgrades: "target",
  isPolled: false,
};

/** The kinds that the engine brings itself. */
export const ownKinds: readonly TransportKind[] = [POLLING, WEBSOCKET];
