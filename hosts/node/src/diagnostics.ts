// The diagnostics points of a server on Node.

import type { IncomingMessage } from "node:http";
import type { ServerDiagnostics } from "@sockeye/core";
import type { EngineServerDiagnostics as AnyDiagnostics, HostDiagnostics } from "@sockeye/server";

/** The points of this host. */
type NodeDiagnostics = HostDiagnostics<IncomingMessage>;

/** All points of an engine on its own. */
export interface EngineServerDiagnostics extends AnyDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:node:…`. */
  readonly node: NodeDiagnostics;
}

/** All points of a server. */
export interface NodeServerDiagnostics extends ServerDiagnostics, EngineServerDiagnostics {}
