// The table of transport kinds: what the engine must know before a transport is created. A further transport is a file
// that implements `Transport`, and a row that its host passes to the engine.

/** How a request arrived: as plain HTTP, as a handshake that the host completes itself, or as a WebTransport session. */
export type Arrival = "http" | "upgrade" | "session";

/** A kind of transport. */
export interface TransportKind {
  /** Its name in requests. */
  readonly name: string;
  /**
   * How its sessions are opened. `"upgrade"`: the host asks `admit`, and passes the transport to `adopt`. `"session"`: by
   * `acceptSession`, never by a request.
   */
  readonly arrival: Arrival;
  /** Whether a session may be upgraded from it (`source`) or to it (`target`). */
  readonly upgrades: "source" | "target";
  /** Whether frames wait until the client requests them. */
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

export const WEBTRANSPORT: TransportKind = {
  name: "webtransport",
  arrival: "session",
  upgrades: "target",
  isPolled: false,
};

/** The built-in kinds. */
export const ownKinds: readonly TransportKind[] = [POLLING, WEBSOCKET, WEBTRANSPORT];
