// The options of a stored outbox: meanings, defaults, and what is refused.

import type { OutboxEntry } from "./event-queue.ts";

/** Options of a stored outbox. */
export interface StoredOutboxOptions {
  /** Most bytes of all events that are kept, as frames. Default 16 777 216. */
  maxBytes?: number;
  /** Milliseconds after which an event is dropped rather than sent. Default 604 800 000, seven days. */
  maxAge?: number;
  /**
   * What happens when `maxSendBufferLength` events or `maxBytes` bytes are kept. `"refuse"`: the new event is refused as
   * by a socket without outbox: its acknowledgement fails and the manager raises `overflow`. `"drop-oldest"`: the oldest
   * events are dropped. Default `"refuse"`.
   */
  whenFull?: "refuse" | "drop-oldest";
  /**
   * Milliseconds after which an event without an answer is sent again, if neither the socket's `ackTimeout` nor
   * `timeout()` says otherwise. Default 10 000.
   */
  ackTimeout?: number;
  /**
   * How the id reaches the server: `false` sends none; a function returns the arguments with the id where the
   * application wants it. Default: one more argument behind the others, `{ outboxId: id }`.
   */
  withId?: false | ((args: readonly unknown[], id: string) => readonly unknown[]);
  /** Called once the events of earlier pages have been read. */
  onLoaded?: (entries: readonly OutboxEntry[]) => void;
  /**
   * Called in the page that has sent an event, when the server has acknowledged it: also for events of earlier pages,
   * whose callbacks are gone.
   */
  onAcknowledged?: (entry: OutboxEntry, ...answer: unknown[]) => void;
  /** Called for each event that is given up, with the reason. */
  onDropped?: (entry: OutboxEntry, error: Error) => void;
  /**
   * Called when the store begins to fail: events are then kept in memory alone, and are gone with the page. Called again
   * only after it has worked meanwhile. Default: a warning on the console.
   */
  onProblem?: (error: Error) => void;
}

/** Options with their defaults. */
export type ResolvedOutboxOptions = Required<
  Pick<StoredOutboxOptions, "maxBytes" | "maxAge" | "whenFull" | "ackTimeout" | "onProblem">
> &
  Pick<StoredOutboxOptions, "onLoaded" | "onAcknowledged" | "onDropped"> & {
    withId(args: readonly unknown[], id: string): readonly unknown[];
  };

const DEFAULTS = {
  maxBytes: 2 ** 24,
  maxAge: 7 * 24 * 60 * 60 * 1000,
  ackTimeout: 10_000,
};

/**
 * The options with their defaults.
 * @throws TypeError for a wrong value
 */
export function resolveOutboxOptions(options: StoredOutboxOptions): ResolvedOutboxOptions {
  const { withId, whenFull = "refuse", onProblem = warn } = options;
  const amounts = { ...DEFAULTS };
  for (const name of ["maxBytes", "maxAge", "ackTimeout"] as const) {
    const value = options[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value > 0)) {
      throw new TypeError(`option ${name} must be a positive number`);
    }
    amounts[name] = value;
  }
  if (whenFull !== "refuse" && whenFull !== "drop-oldest") {
    throw new TypeError('option whenFull must be "refuse" or "drop-oldest"');
  }
  return {
    ...options,
    ...amounts,
    whenFull,
    onProblem,
    withId: withId === false ? (args) => args : (withId ?? asLastArgument),
  };
}

/** An object rather than a text: a server can take it off again, whether or not a client has sent it. */
function asLastArgument(args: readonly unknown[], outboxId: string): readonly unknown[] {
  return [...args, { outboxId }];
}

function warn(error: Error): void {
  console.warn("The outbox cannot store events; they are kept in memory.", error);
}
