// Acknowledgements that are still owed, by packet id, each with its deadline.

import { after, type Cancel, type TimerOptions } from "./clock.ts";
import { guarded } from "./safe-emitter.ts";

/** Called with an error, or with `null` and the answer. */
// biome-ignore lint/suspicious/noExplicitAny: the answer is the user's; `unknown` would refuse every declared one.
export type AckCallback = (error: Error | null, ...answer: any[]) => void;

/** What settles each of the acknowledgements of one socket: called with an error, or with `null` and the answer. */
export type Acks = Map<number, AckCallback>;

/** An acknowledgement that is asked for. */
export interface AckRequest {
  /** The user's. */
  readonly callback: AckCallback;
  /** Whether it takes an error in front; it is not called at all for an error otherwise. */
  readonly takesError: boolean;
  /** Time the answer may take; `undefined` for ever. */
  readonly timeoutMs: number | undefined;
  readonly timers: TimerOptions;
  /** Called before the callback when the time is over. */
  onTimeout(): void;
}

/** Adds an acknowledgement, which leaves the list when it is settled. */
export function expectAck(acks: Acks, id: number, request: AckRequest): void {
  const { callback, takesError, timeoutMs, timers, onTimeout } = request;
  let stopTimer: Cancel | undefined;
  const settle: AckCallback = (error, ...answer) => {
    acks.delete(id);
    stopTimer?.();
    if (takesError) guarded(() => callback(error, ...answer));
    else if (!error) guarded(() => (callback as (...answer: unknown[]) => void)(...answer));
  };
  acks.set(id, settle);
  if (timeoutMs === undefined) return;
  stopTimer = after(timers, timeoutMs, () => {
    onTimeout();
    settle(new Error("operation has timed out"));
  });
}
