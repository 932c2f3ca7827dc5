// Empties a server that is to be replaced: its clients reconnect, to other servers behind the same balancer, a few at a time.
// Decides when which connection is closed; closing and refusing are the server's.

import type { Clock, Milliseconds } from "@sockeye/portable";

/** How a server is drained. */
export interface DrainOptions {
  /**
   * Milliseconds between the moment when readiness is false and the first refused handshake: balancers need it to notice.
   * Default 0.
   */
  readonly delay?: Milliseconds;
  /** Connections closed a second, so that the other servers are not flooded. Default 100. */
  readonly rate?: number;
  /** Milliseconds that a connection with acknowledgements in flight is waited for. Default 5,000. */
  readonly grace?: Milliseconds;
  /** Milliseconds after which every connection that is left is closed, counted from the call. Default 30,000. */
  readonly deadline?: Milliseconds;
}

/** What draining has come to. */
export interface DrainReport {
  /** Connections that were closed in their turn, and those that clients closed meanwhile. */
  readonly moved: number;
  /** Those of `moved` that were not waited for any longer: acknowledgements were in flight. */
  readonly unsettled: number;
  /** Connections that were left at the deadline. */
  readonly forced: number;
  /** From the call on. */
  readonly milliseconds: Milliseconds;
}

/** A connection, as far as draining goes. */
interface Closable {
  close(how?: "flush" | "discard"): void;
}

/** What is drained. */
export interface DrainTarget {
  readonly clock: Clock;
  /** The open connections now. */
  connections(): Iterable<Closable>;
  /** Those on which something has been asked and not answered. */
  unsettled(): ReadonlySet<object>;
  /** Refuses handshakes from now on; requests of open sessions go on. */
  refuseHandshakes(): void;
  /** A number from 0 to 1. */
  random(): number;
}

/** Connections are closed in portions: so often, and never all of a second at once. */
const PORTION_MS: Milliseconds = 100;

const DEFAULTS = { delay: 0, rate: 100, grace: 5000, deadline: 30_000 } as const;

function amount(name: keyof DrainOptions, given: number | undefined): number {
  const value = given ?? DEFAULTS[name];
  const least = name === "rate" ? Number.MIN_VALUE : 0;
  if (typeof value === "number" && value >= least) return value;
  throw new RangeError(
    `drain: ${name} must be a number${name === "rate" ? " above" : ", at least"} 0`,
  );
}

/** The draining of one server. */
export class Drain {
  readonly #target: DrainTarget;
  readonly #options: Required<DrainOptions>;
  readonly #beganAt: Milliseconds;
  readonly #done: (report: DrainReport) => void;
  /** Connections in the order in which they are closed; later ones come behind. */
  #queue: Closable[] = [];
  #open: ReadonlySet<Closable> = new Set();
  #movesFrom: Milliseconds = 0;
  #steppedAt: Milliseconds = 0;
  /** How many connections may be closed now. */
  #tokens = 1;
  #moved = 0;
  #unsettled = 0;

  private constructor(
    target: DrainTarget,
    options: Required<DrainOptions>,
    done: (report: DrainReport) => void,
  ) {
    this.#target = target;
    this.#options = options;
    this.#done = done;
    this.#beganAt = target.clock.now();
  }

  /**
   * Drains; resolves when no connection is left.
   * @throws RangeError when an option is no number, or negative
   */
  static run(target: DrainTarget, given: DrainOptions = {}): Promise<DrainReport> {
    const options = {
      delay: amount("delay", given.delay),
      rate: amount("rate", given.rate),
      grace: amount("grace", given.grace),
      deadline: amount("deadline", given.deadline),
    };
    return new Promise((resolve) => new Drain(target, options, resolve).#begin());
  }

  #begin(): void {
    const { deadline, delay } = this.#options;
    const move = (): void => {
      const { clock } = this.#target;
      this.#target.refuseHandshakes();
      this.#movesFrom = clock.now();
      this.#steppedAt = this.#movesFrom;
      this.#step();
    };
    if (delay === 0) move();
    else this.#target.clock.after(Math.min(delay, deadline), move);
  }

  #step(): void {
    const { clock } = this.#target;
    const open = new Set(this.#target.connections());
    this.#note(open);
    if (open.size === 0) {
      this.#end(0);
      return;
    }
    if (clock.now() - this.#beganAt >= this.#options.deadline) {
      for (const connection of open) connection.close("discard");
      this.#end(open.size);
      return;
    }
    this.#closeSome(open);
    // Spread by a half each way, so that servers that are drained together do not move their clients together.
    clock.after(PORTION_MS * (0.5 + this.#target.random()), () => this.#step());
  }

  /** Counts what has ended since the last step, and lines up what is new. */
  #note(open: ReadonlySet<Closable>): void {
    for (const connection of this.#open) if (!open.has(connection)) this.#moved += 1;
    const fresh = [...open].filter((connection) => !this.#open.has(connection));
    // In no order: neighbours are often clients of one kind, or of one application.
    for (let at = fresh.length - 1; at > 0; at--) {
      const other = Math.floor(this.#target.random() * (at + 1));
      [fresh[at], fresh[other]] = [fresh[other] as Closable, fresh[at] as Closable];
    }
    this.#queue.push(...fresh);
    this.#open = open;
  }

  #closeSome(open: ReadonlySet<Closable>): void {
    const { grace, rate } = this.#options;
    const now = this.#target.clock.now();
    const earned = ((now - this.#steppedAt) / 1000) * rate;
    // What was not used while connections were waited for is not made up for: half a second's at most.
    this.#tokens = Math.min(this.#tokens + earned, Math.max(1, rate / 2));
    this.#steppedAt = now;
    const unsettled = this.#target.unsettled();
    const isPatient = now - this.#movesFrom < grace;
    this.#queue = this.#queue.filter((connection) => {
      if (!open.has(connection)) return false;
      const isAsking = unsettled.has(connection);
      if (this.#tokens < 1 || (isAsking && isPatient)) return true;
      this.#tokens -= 1;
      if (isAsking) this.#unsettled += 1;
      connection.close("flush");
      return false;
    });
  }

  #end(forced: number): void {
    const milliseconds = this.#target.clock.now() - this.#beganAt;
    this.#done({ moved: this.#moved, unsettled: this.#unsettled, forced, milliseconds });
  }
}
