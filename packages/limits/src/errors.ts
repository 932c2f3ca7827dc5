// How a client reads that a limit was reached: an error of the connection, an answer, an event.

import type { LimitName } from "./diagnostics.ts";

/** Why something was refused. */
export type LimitCode =
  /** A limit was reached; its name and value are beside the code. */
  "LIMIT_REACHED";

/** Codes of the errors that this package throws on wrong options. */
export type LimitsOptionCode =
  /** Options of this package are wrong, the server is not attached yet, or it has limits already. */
  "ERR_LIMITS_OPTIONS";

/** What a client is told: `error.data` of its `connect_error`, and the argument of `limits:refused` and `limits:closed`. */
export interface LimitData {
  readonly code: LimitCode;
  readonly message: string;
  readonly limit: LimitName;
  readonly value: number;
  /** The event that was refused, cut to 100 characters. */
  readonly event?: string;
  /** Milliseconds until trying again may help, where that is known. */
  readonly retryAfter?: number;
}

/** A limit with what made it count. */
export interface Reached {
  readonly limit: LimitName;
  readonly value: number;
  readonly event?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** A refusal. `data` is what a client gets with `connect_error`; a `socket.join` beyond `rooms` rejects with it. */
export class LimitError extends Error {
  override readonly name = "LimitError";
  readonly code: LimitCode = "LIMIT_REACHED";
  /** Sent to the client. */
  readonly data: LimitData;

  constructor({ event, limit, retryAfter, value }: Reached) {
    super(`limit ${limit} of ${value} reached`);
    this.data = {
      ...{ code: this.code, message: this.message, limit, value },
      ...(event !== undefined && { event: event.slice(0, 100) }),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  }
}

/** The answer to an event that was refused; the same form as that of contracts. */
export interface LimitRefusal {
  readonly error: LimitData & { readonly event: string; readonly issues: readonly [] };
}

/** The answer to an event that a limit has refused. */
export function answerOf({ data }: LimitError): LimitRefusal {
  return { error: { ...data, event: data.event ?? "", issues: [] } };
}

export function optionError(what: string): Error {
  const code: LimitsOptionCode = "ERR_LIMITS_OPTIONS";
  return Object.assign(new TypeError(`@sockeye/limits: ${what}`), { code });
}
