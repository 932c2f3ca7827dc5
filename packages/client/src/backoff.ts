// How long to wait before a reconnection attempt. Pure: the random source is handed in.

/** The settings of the back-off, in milliseconds where they are durations. */
export interface BackoffSettings {
  /** Wait before the first attempt; doubled for each further one. */
  readonly reconnectionDelay: number;
  /** Upper bound of every wait. */
  readonly reconnectionDelayMax: number;
  /** Largest deviation as a part of the wait, 0 to 1. */
  readonly randomizationFactor: number;
}

/**
 * Wait in milliseconds before reconnection attempt number `attempt`, counted from 1: evenly spread around the doubled
 * delay. The bound holds before the spreading, or clients that were cut off together would come back together.
 * @param random a number in [0, 1)
 */
export function backoffDelay(settings: BackoffSettings, attempt: number, random: number): number {
  const { reconnectionDelay, reconnectionDelayMax: most, randomizationFactor } = settings;
  const middle = Math.min(reconnectionDelay * 2 ** (attempt - 1), most);
  const deviation = middle * randomizationFactor;
  const least = middle - deviation;
  return Math.floor(least + random * (Math.min(middle + deviation, most) - least));
}
