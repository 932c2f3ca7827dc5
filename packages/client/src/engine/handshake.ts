// What the server says at the beginning of a session.

/** The server's handshake. Times are milliseconds. */
export interface Handshake {
  readonly sid: string;
  /** Names of the transports that the session may move to; a list that is missing counts as empty. */
  readonly upgrades?: readonly string[];
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** Most bytes of one polling body; 0 for no limit. */
  readonly maxPayload: number;
}
