// The diagnostics points of a server over Request and Response.

import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";
import type { FetchRequest } from "./options.ts";

/** All points of a server. */
export interface FetchServerDiagnostics extends ServerDiagnostics, AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:fetch:…`. */
  readonly fetch: HostDiagnostics<FetchRequest>;
}
