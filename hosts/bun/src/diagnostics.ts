// The diagnostics points of a server on Bun.

import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";
import type { BunRequest } from "./options.ts";

/** All points of a server. */
export interface BunServerDiagnostics extends ServerDiagnostics, AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:bun:…`. */
  readonly bun: HostDiagnostics<BunRequest>;
}
