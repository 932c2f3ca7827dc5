// The check for event names that the library uses itself.

import type { EventKey } from "@sockeye/events";
import { RESERVED_EVENTS } from "@sockeye/protocol";
import { coreError } from "./errors.ts";

/** @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself */
export function refuseReserved(event: EventKey): void {
  if (typeof event === "string" && RESERVED_EVENTS.has(event)) {
    throw coreError("ERR_RESERVED_EVENT", event);
  }
}
