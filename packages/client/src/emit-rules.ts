// What holds for every event that is emitted, whether a socket sends it or a queue.

import { RESERVED_EVENTS } from "@sockeye/protocol";
import { clientError } from "./errors.ts";

/** Most events that are kept. More than applications keep on purpose; less than a page that is left alone for days would. */
export const MOST_KEPT = 100_000;

/** The error of an event for which there is no place. */
export const bufferFull = (): Error => clientError("ERR_BUFFER_FULL", "send buffer is full");

/** @throws Error for a name that the library uses itself */
export function checkName(event: string): void {
  if (RESERVED_EVENTS.has(event)) {
    throw clientError("ERR_RESERVED_EVENT", `"${event}" is a reserved event name`);
  }
}
