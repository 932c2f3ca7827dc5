// The wait before a reconnection attempt. Pure: the random number is an argument.

/** The settings of the back-off. Durations are milliseconds. */
export interface BackoffSettings {
  /** Wait before the first attempt; doubled for each further one. */
  readonly reconnectionDelay: number;
  /** Upper bound of every wait. */
  readonly reconnectionDelayMax: number;
  /** Largest deviation as a part of the wait, 0 to 1. */
  readonly randomizationFactor: number;
}

/**
 * The wait in milliseconds before an attempt: evenly spread around the delay, which doubles with each attempt. The delay is
 * bounded before it is spread; otherwise clients that lost their connections together would all wait for the maximum, and
 * reconnect together.
 * @param attempt number of the attempt, from 1
 * @param random a number in [0, 1)
 */
export function backoffDelay(settings: BackoffSettings, attempt: number, random: number): number {
  const { reconnectionDelay, reconnectionDelayMax: most, randomizationFactor } = settings;
  const middle = Math.min(reconnectionDelay * 2 ** (attempt - 1), most);
  const deviation = middle * randomizationFactor;
  const least = middle - deviation;
  return Math.floor(least + random * (Math.min(middle + deviation, most) - least));
}
