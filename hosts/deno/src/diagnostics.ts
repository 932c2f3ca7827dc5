// The diagnostics points of a server on Deno.

import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";
import type { DenoRequest } from "./options.ts";

/** All points of a server. */
export interface DenoServerDiagnostics extends ServerDiagnostics, AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:deno:…`. */
  readonly deno: HostDiagnostics<DenoRequest>;
}
