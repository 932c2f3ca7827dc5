// The diagnostics points of a server on uWebSockets.js.

import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";
import type { UwsRequestRecord } from "./options.ts";

/** All points of a server. */
export interface UwsServerDiagnostics extends ServerDiagnostics, AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:uws:…`. */
  readonly uws: HostDiagnostics<UwsRequestRecord>;
}
