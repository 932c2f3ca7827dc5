// How long to wait before a reconnection attempt. Pure: the random source is handed in.

/** The settings of the back-off, in milliseconds where they are durations. */
export interface BackoffSettings {
  /** Wait before the first attempt; doubled for each further one. */
  readonly reconnectionDelay: number;
  /** Upper bound, applied after the randomisation as Socket.IO does. */
  readonly reconnectionDelayMax: number;
  /** Largest deviation as a part of the wait, 0 to 1. */
  readonly randomizationFactor: number;
}

/**
 * Wait in milliseconds before reconnection attempt number `attempt`, counted from 1.
 * @param random a number in [0, 1): its size gives the deviation, the parity of its tenths the sign
 */
export function backoffDelay(settings: BackoffSettings, attempt: number, random: number): number {
  const { reconnectionDelay, reconnectionDelayMax, randomizationFactor } = settings;
  const base = reconnectionDelay * 2 ** (attempt - 1);
  const deviation = Math.floor(random * randomizationFactor * base);
  const isLonger = Math.floor(random * 10) % 2 === 1;
  return Math.floor(Math.min(isLonger ? base + deviation : base - deviation, reconnectionDelayMax));
}
