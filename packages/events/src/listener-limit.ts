// The limit of listeners above which an emitter is taken for a leak, as with Node's emitters. It warns and refuses nothing.
// What the usual limit is, and where warnings go, a host says.

import type { EventKey } from "./listeners.ts";

/** What a host says about limits of listeners. */
export interface ListenerLimitSetUp {
  /** The limit of emitters that have none of their own; 0 or `Infinity` for none. */
  usual(): number;
  /** Shows a warning to the operator. */
  warn(warning: Error): void;
}

/** An emitter whose listeners are counted. */
interface LimitedEmitter {
  getMaxListeners(): number;
}

// Without a host there is nowhere to warn.
let setUp: ListenerLimitSetUp = { usual: () => 10, warn() {} };

// By emitter, so that emitters without a warning, which is all of them as a rule, carry nothing.
const warned = new WeakMap<object, Set<EventKey>>();

/** Says where warnings go, and what the usual limit is. For hosts; counts for every emitter of the process. */
export function limitListeners(given: ListenerLimitSetUp): void {
  setUp = given;
}

/** The limit of emitters that have none of their own. */
export function usualListenerLimit(): number {
  return setUp.usual();
}

/**
 * Fails with Node's errors for what is no limit.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` when `limit` is no number
 * @throws RangeError `ERR_OUT_OF_RANGE` when it is negative
 */
export function checkListenerLimit(limit: unknown): asserts limit is number {
  if (typeof limit !== "number") {
    const text = `The "setMaxListeners" argument must be of type number. Received ${typeof limit}`;
    throw Object.assign(new TypeError(text), { code: "ERR_INVALID_ARG_TYPE" });
  }
  if (limit >= 0) return;
  const text = `The value of "setMaxListeners" is out of range. It must be a non-negative number. Received ${limit}`;
  throw Object.assign(new RangeError(text), { code: "ERR_OUT_OF_RANGE" });
}

/** Warns when `count` listeners of an event are more than the emitter's limit: once for each event. */
export function warnOfMany(emitter: LimitedEmitter, event: EventKey, count: number): void {
  const limit = emitter.getMaxListeners();
  if (!(limit > 0 && count > limit)) return;
  const events = warned.get(emitter) ?? new Set();
  if (events.has(event)) return;
  warned.set(emitter, events.add(event));
  const text =
    `Possible EventEmitter memory leak detected. ${count} ${String(event)} listeners added to ` +
    `[${emitter.constructor.name}]. MaxListeners is ${limit}. Use emitter.setMaxListeners() to increase limit`;
  const details = { name: "MaxListenersExceededWarning", emitter, type: event, count };
  setUp.warn(Object.assign(new Error(text), details));
}
