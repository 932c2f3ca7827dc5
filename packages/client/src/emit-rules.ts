// What holds for every event that is emitted, whether a socket sends it or a queue.

import { withHelp } from "@sockeye/portable";
import { RESERVED_EVENTS } from "@sockeye/protocol";
import { PUBLISHES } from "./diagnostics.ts";
import { clientError, clientTypeError } from "./errors.ts";

/** Most events that are kept. More than applications keep on purpose; less than a page that is left alone for days would. */
export const MOST_KEPT = 100_000;

/** The error of an event for which there is no place. */
export const bufferFull = (): Error => clientError("ERR_BUFFER_FULL", "send buffer is full");

/** @throws Error for a name that the library uses itself; TypeError for what is no name, but not where it is minified */
export function checkName(event: string): void {
  if (PUBLISHES && typeof event !== "string" && typeof event !== "number") {
    const text = `an event needs a name, a text or a number, not ${String(event)}`;
    throw clientTypeError("ERR_EVENT_NAME", withHelp(text, "ERR_EVENT_NAME"));
  }
  if (RESERVED_EVENTS.has(event)) {
    throw clientError("ERR_RESERVED_EVENT", `"${event}" is a reserved event name`);
  }
}
