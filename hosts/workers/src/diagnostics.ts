// The diagnostics points of a server on Cloudflare Workers.

import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";
import type { WorkersRequest } from "./options.ts";

/** All points of a server. */
export interface WorkersServerDiagnostics extends ServerDiagnostics, AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:workers:…`. */
  readonly workers: HostDiagnostics<WorkersRequest>;
}
