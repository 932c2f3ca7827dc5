// Sessions that are bound to what opened them: the option `bindSession`. Whoever learns a session id can otherwise poll and send in
// its client's name.

import type { CallSite, UserCode } from "@sockeye/core";
import type { Connection, RequestHead } from "@sockeye/engine";
import { describe } from "@sockeye/portable";

const SITE: CallSite = { target: null, socket: null, event: "bindSession", kind: "request" };
/** Equal to nothing, itself included: what cannot be told is refused. */
const UNKNOWN = Number.NaN;

/** What sessions are bound to. */
export class SessionBindings {
  readonly #bind: (request: unknown) => unknown;
  readonly #userCode: UserCode;
  readonly #values = new WeakMap<Connection, unknown>();

  constructor(bind: (request: never) => unknown, userCode: UserCode) {
    this.#bind = bind as (request: unknown) => unknown;
    this.#userCode = userCode;
  }

  /** A connection has been opened, or set up again: keeps what its first request says. */
  open(connection: Connection): void {
    this.#values.set(connection, this.#valueOf(connection.request as RequestHead));
  }

  /** Whether a request says the same as the first one of its session. */
  belongs(connection: Connection, request: RequestHead): boolean {
    return this.#values.get(connection) === this.#valueOf(request);
  }

  #valueOf(request: RequestHead): unknown {
    try {
      const value = this.#bind(request.borrowed ?? request.native);
      if (typeof value !== "object" && typeof value !== "function") return value;
      if (value === null) return value;
      // Told below that it is one; a rejection would be unhandled beside that.
      Promise.resolve(value).catch(() => {});
      throw new TypeError(`bindSession returned ${describe(value)}: no text, number or nothing`);
    } catch (error) {
      this.#userCode.failed(error, SITE);
      return UNKNOWN;
    }
  }
}
