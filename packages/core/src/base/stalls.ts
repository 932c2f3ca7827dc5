// Notices middleware that has not decided for a while: most often, it has a way on which it does not call `next`. Costs one
// comparison for each middleware while nothing listens to the point, and no timer for one that decides at once.

import { type Deadlines, type Milliseconds, Waiting, withHelp } from "@sockeye/portable";
import type { Step } from "./chain.ts";
import type { CoreDiagnostics, PointSocket } from "./diagnostics.ts";

/** Which middleware is watched. */
export interface WatchedMiddleware {
  /** `use` of a namespace, `use` of a socket, or a function given to `of`. */
  readonly kind: "use" | "socket.use" | "of";
  readonly nsp: string;
  /** The application's socket. */
  readonly socket: object | null;
}

/** What a stalled middleware is reported with. */
export function stallHint(what: string, waited: Milliseconds): string {
  return withHelp(
    `${what} has not called next() within ${waited} ms, and the client waits: call it on every way, with an error to refuse`,
    "HINT_NEXT",
  );
}

class Stall extends Waiting {
  readonly #report: () => void;

  constructor(report: () => void) {
    super();
    this.#report = report;
  }

  onDue(): void {
    this.#report();
  }
}

/** How long middleware may take. */
export class Patience {
  readonly #deadlines: Deadlines;
  /** 0: nothing is watched. */
  readonly limit: Milliseconds;

  /** The clock of `deadlines` should not keep the process alive. */
  constructor(deadlines: Deadlines, limit: Milliseconds) {
    this.#deadlines = deadlines;
    this.limit = limit;
  }

  /** Calls `report` after the limit, unless the returned function is called before. */
  wait(report: () => void): () => void {
    const stall = new Stall(report);
    this.#deadlines.arm(stall, this.limit);
    return () => this.#deadlines.disarm(stall);
  }
}

/** Watches the middleware of one server. */
export class Stalls {
  readonly #patience: Patience;
  readonly #point: CoreDiagnostics["middlewareStalled"];

  constructor(patience: Patience, point: CoreDiagnostics["middlewareStalled"]) {
    this.#patience = patience;
    this.#point = point;
  }

  /** The step itself, or while the point has listeners, one that is reported when it does not decide in time. */
  watched<End>(step: Step<End>, subject: WatchedMiddleware): Step<End> {
    if (!this.#point.active || this.#patience.limit === 0) return step;
    return {
      ...step,
      run: (next) => {
        let stopWaiting: (() => void) | undefined;
        let isOver = false;
        const stop = (): void => {
          isOver = true;
          stopWaiting?.();
        };
        const result = step.run((end) => {
          stop();
          next(end);
        });
        if (isOver) return result;
        stopWaiting = this.#patience.wait(() => this.#report(subject));
        const then = (result as { then?: unknown } | null | undefined)?.then;
        if (typeof then === "function") {
          // A promise that is fulfilled decides only where there is no `next`.
          then.call(result, step.endsWithPromise ? stop : undefined, stop);
        }
        return result;
      },
    };
  }

  #report({ kind, nsp, socket }: WatchedMiddleware): void {
    const waited = this.#patience.limit;
    const hint = stallHint(`${kind} of "${nsp}"`, waited);
    this.#point.publish({ kind, nsp, socket: socket as PointSocket | null, waited, hint });
  }
}
