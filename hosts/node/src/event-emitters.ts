// Packages ask `socket instanceof EventEmitter` (OpenTelemetry's context managers do, before they bind its listeners). The
// emitters of the portable core have Node's methods, but not its class.

import { EventEmitter } from "node:events";
import { Emitter } from "@sockeye/events";

/** Makes servers, namespaces, sockets, engines and connections instances of Node's class. No method of theirs changes. */
export function joinEventEmitters(): void {
  if (Emitter.prototype instanceof EventEmitter) return;
  Object.setPrototypeOf(Emitter.prototype, EventEmitter.prototype);
}
