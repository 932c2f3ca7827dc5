// How a contract is enforced.

import type { Refusal } from "./errors.ts";

/** An event that was refused. */
export interface Refused<Socket> extends Refusal {
  /** Whose event it is. */
  readonly socket: Socket;
  readonly event: string;
  /** What the schema's own code threw, with `VALIDATOR_FAILED`. Never sent to the peer. */
  readonly cause?: unknown;
}

/** How a contract is enforced. */
export interface GateOptions<Socket = unknown> {
  /**
   * Events that the contract does not have: `"refuse"` drops the event and answers with `UNKNOWN_EVENT` where an answer was asked for,
   * `"pass"` delivers them unchecked, `"disconnect"` refuses and closes the connection. Default `"refuse"`.
   */
  readonly unknown?: "refuse" | "pass" | "disconnect";
  /** Events that are not what the contract says: `"refuse"`, or refused and the connection closed. Default `"refuse"`. */
  readonly invalid?: "refuse" | "disconnect";
  /**
   * How many events of one socket may wait for schemas that validate asynchronously; further ones are refused with
   * `TOO_MANY_PENDING`. Default 100.
   */
  readonly maxPending?: number;
  /** Called for each refused event, before the connection is closed; for logs and counters. */
  readonly onRefused?: (refused: Refused<Socket>) => void;
}
