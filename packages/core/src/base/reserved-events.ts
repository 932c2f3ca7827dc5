// Event names that belong to the library.

import type { EventKey } from "@sockeye/events";
import { RESERVED_EVENTS } from "@sockeye/protocol";

/** @throws Error when the name belongs to the library (the text is Socket.IO's) */
export function refuseReserved(event: EventKey): void {
  if (typeof event === "string" && RESERVED_EVENTS.has(event)) throw reservedEvent(event);
}

/** The error for a name that belongs to the library. */
export function reservedEvent(event: string): Error {
  return new Error(`"${event}" is a reserved event name`);
}
