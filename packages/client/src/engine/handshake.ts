// What the server says at the beginning of a session.

/** The server's handshake. Times are milliseconds. */
export interface Handshake {
  readonly sid: string;
  /** Names of the transports that the session may move to. */
  readonly upgrades: readonly string[];
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** Most bytes of one polling body; 0 for no limit. */
  readonly maxPayload: number;
}

/** Reads a handshake; `undefined` when it is none. A list of upgrades that is missing counts as empty. */
export function readHandshake(text: string): Handshake | undefined {
  try {
    const handshake = JSON.parse(text) as Handshake;
    const { pingInterval, pingTimeout } = handshake;
    return pingInterval + pingTimeout > 0
      ? { ...handshake, upgrades: [...(handshake.upgrades ?? [])] }
      : undefined;
  } catch {
    return undefined;
  }
}
