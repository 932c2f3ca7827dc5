// What happens when a limit is reached: it is published, and whoever asks learns what follows.

import type { LimitsDiagnostics } from "./diagnostics.ts";
import { LimitError } from "./errors.ts";
import type { LimitPolicy } from "./options.ts";
import type { CountRule } from "./rules.ts";

/** Who has reached a limit, and by what. */
export interface ReachedBy {
  readonly address: string;
  readonly user?: string | undefined;
  readonly socket: string | null;
  readonly event?: string | undefined;
  /** Milliseconds until trying again may help, where that is known. */
  readonly retryAfter?: number | undefined;
}

/** What follows. */
export interface Verdict {
  readonly policy: Exclude<LimitPolicy, "warn">;
  readonly error: LimitError;
}

/** Publishes limits that were reached. */
export class Reporter {
  readonly #points: LimitsDiagnostics;
  readonly #warn: (text: string) => void;
  readonly #warned = new Set<string>();

  constructor(points: LimitsDiagnostics, warn: (text: string) => void) {
    this.#points = points;
    this.#warn = warn;
  }

  /** A limit was reached. Returns what follows; `null`: what reached it goes on. */
  reached({ limit, policy, value }: CountRule, by: ReachedBy): Verdict | null {
    const { limitReached } = this.#points;
    const { address, event, retryAfter, socket, user } = by;
    if (limitReached.active) {
      limitReached.publish({ limit, value, policy, address, user, socket, event });
    }
    if (policy !== "warn") {
      return { policy, error: new LimitError({ limit, value, event, retryAfter }) };
    }
    if (!this.#warned.has(limit)) {
      this.#warned.add(limit);
      this.#warn(`the limit ${limit} of ${value} was reached by ${address}. This is said once.`);
    }
    return null;
  }

  /** A limiter of the cluster has failed. */
  failed({ limit }: CountRule, error: unknown): void {
    const { limiterFailed } = this.#points;
    if (limiterFailed.active) limiterFailed.publish({ limit, error });
  }
}
