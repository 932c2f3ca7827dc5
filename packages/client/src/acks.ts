// Acknowledgements that are still owed, by packet id, each with its deadline.

import type { Cancel, Clock } from "./clock.ts";
import { guarded } from "./safe-emitter.ts";

/** Called with the answer; with an error, or `null`, in front of it where failures can be told. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters are the user's; `unknown` would refuse every declared one.
export type AckCallback = (...args: any[]) => void;

/** An acknowledgement that is asked for. */
export interface AckRequest {
  readonly callback: AckCallback;
  /** Whether the callback takes an error in front. */
  readonly takesError: boolean;
  /** Time the answer may take; `undefined` for ever. */
  readonly timeoutMs: number | undefined;
  /** Called before the callback when the time is over. */
  onTimeout(): void;
}

interface Pending extends AckRequest {
  readonly stopTimer: Cancel | undefined;
}

/** The acknowledgements of one socket. */
export class Acks {
  readonly #clock: Clock;
  readonly #pending: Map<number, Pending> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: number, request: AckRequest): void {
    const { timeoutMs } = request;
    const onTime = (): void => {
      request.onTimeout();
      this.#fail(id, "operation has timed out");
    };
    const stopTimer = timeoutMs === undefined ? undefined : this.#clock.after(timeoutMs, onTime);
    this.#pending.set(id, { ...request, stopTimer });
  }

  /** The server answered. Unknown ids are ignored: the answer came too late. */
  answer(id: number, args: readonly unknown[]): void {
    const pending = this.#take(id);
    if (pending?.takesError) pending.callback(null, ...args);
    else pending?.callback(...args);
  }

  /** No answer can come any more, except to the packets that `isKept` says will still be sent. */
  abandon(isKept: (id: number) => boolean): void {
    for (const id of [...this.#pending.keys()]) {
      if (!isKept(id)) this.#fail(id, "socket has been disconnected");
    }
  }

  #fail(id: number, message: string): void {
    const pending = this.#take(id);
    if (pending?.takesError) guarded(() => pending.callback(new Error(message)));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.stopTimer?.();
    return pending;
  }
}
