// The check of event names: those that the library uses itself, and what is no name.

import type { EventKey } from "@sockeye/events";
import { RESERVED_EVENTS } from "@sockeye/protocol";
import { coreError } from "./errors.ts";

/**
 * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` for what is no name:
 * clients would close the connection for it
 */
export function refuseReserved(event: EventKey): void {
  if (typeof event === "string") {
    if (RESERVED_EVENTS.has(event)) throw coreError("ERR_RESERVED_EVENT", event);
  } else if (typeof event !== "number") throw coreError("ERR_EVENT_NAME", String(event));
}
