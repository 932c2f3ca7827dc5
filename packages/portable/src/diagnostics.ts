// Diagnostics points: named places in the code at which a package publishes what happens, for metrics, tracing and
// debug output. Publishing costs one comparison while nothing listens. A package lists its points in its own
// `diagnostics.ts`; this file knows none of them, and no platform.

/**
 * Receives what a point publishes. What it throws is contained: it reaches the table's `onFault`, never the publisher.
 */
export type PointListener<T> = (payload: T) => void;

/** A listener that threw. */
export interface PointFault {
  readonly error: unknown;
  /** The full name of the point. */
  readonly point: string;
}

/** A channel of the platform that carries the same payloads. Node's `diagnostics_channel` has this shape. */
export interface PointChannel {
  readonly hasSubscribers: boolean;
  publish(payload: unknown): void;
}

/** How the points of a table are made. */
export interface PointsSetUp {
  /** Receives what listeners throw. Default: faults are dropped. */
  readonly onFault?: ((fault: PointFault) => void) | undefined;
  /** Gives the platform's channel of that name, if there is one. */
  readonly channel?: ((name: string) => PointChannel) | undefined;
}

const NO_CHANNEL: PointChannel = { hasSubscribers: false, publish: () => {} };

/**
 * One diagnostics point.
 * @example
 * if (points.connectionOpened.active) points.connectionOpened.publish({ connection });
 */
export class DiagnosticsPoint<T> {
  /** The full name, such as `sockeye:engine:connectionOpened`. */
  readonly name: string;
  readonly #channel: PointChannel;
  readonly #onFault: PointsSetUp["onFault"];
  /** Replaced by each change, so that publishing iterates over an unchanged list; null instead of an empty list. */
  #listeners: readonly PointListener<T>[] | null = null;

  constructor(name: string, setUp: PointsSetUp = {}) {
    this.name = name;
    this.#channel = setUp.channel?.(name) ?? NO_CHANNEL;
    this.#onFault = setUp.onFault;
  }

  /** Whether anything listens. Ask before building a payload. */
  get active(): boolean {
    return this.#listeners !== null || this.#channel.hasSubscribers;
  }

  /** Adds a listener; the returned function removes it, and does nothing when called again. */
  subscribe(listener: PointListener<T>): () => void {
    // Of its own identity, so that the same function can listen twice.
    const own: PointListener<T> = (payload) => listener(payload);
    this.#listeners = [...(this.#listeners ?? []), own];
    return () => {
      const left = (this.#listeners ?? []).filter((each) => each !== own);
      this.#listeners = left.length === 0 ? null : left;
    };
  }

  /** Calls the listeners in the order in which they were added. Never throws. */
  publish(payload: T): void {
    const listeners = this.#listeners;
    if (listeners !== null) {
      for (const listener of listeners) this.#contain(listener, payload);
    }
    if (this.#channel.hasSubscribers) {
      this.#contain((each) => this.#channel.publish(each), payload);
    }
  }

  #contain(listener: PointListener<T>, payload: T): void {
    try {
      listener(payload);
    } catch (error) {
      try {
        this.#onFault?.({ error, point: this.name });
      } catch {
        // There is nothing left to report the failure of the handler to.
      }
    }
  }
}

/** One point per name in `Payloads`, which maps names to payloads. */
export type Points<Payloads> = {
  readonly [Name in keyof Payloads]: DiagnosticsPoint<Payloads[Name]>;
};

/** When each point publishes, in words; the compiler demands one row per point. */
export type PointRows<Payloads> = { readonly [Name in keyof Payloads]-?: string };

/**
 * Makes a table of points. `scope` begins their names: `sockeye:engine` makes `sockeye:engine:connectionOpened`.
 * A table belongs to one server, so that several servers of a process can be distinguished; a platform's channels are
 * shared.
 */
export function createPoints<Payloads>(
  scope: string,
  rows: PointRows<Payloads>,
  setUp: PointsSetUp = {},
): Points<Payloads> {
  const points: Record<string, DiagnosticsPoint<unknown>> = {};
  for (const name of Object.keys(rows)) {
    points[name] = new DiagnosticsPoint(`${scope}:${name}`, setUp);
  }
  return Object.freeze(points) as unknown as Points<Payloads>;
}
