// The diagnostics points of this host: what happens to requests before the engine, and after it has let them pass.
// Knows nothing of who listens.

import { channel } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { ServerDiagnostics } from "@sockeye/core";
import { createPoints, type PointRows, type Points, type PointsSetUp } from "@sockeye/portable";

/** What each point publishes. */
export interface NodePayloads {
  upgradeUnanswered: { readonly request: IncomingMessage };
  webSocketRefused: {
    readonly request: IncomingMessage;
    /** The status of the answer. */
    readonly status: number;
    readonly message: string;
  };
}

/** When each point publishes. */
const ROWS: PointRows<NodePayloads> = {
  upgradeUnanswered:
    "an upgrade request for another path was closed, because nothing had answered it within `destroyUpgradeTimeout`",
  webSocketRefused:
    "a WebSocket handshake that the engine had let pass was refused: it is malformed, or the server is closed",
};

/** The points of this host. */
export type NodeDiagnostics = Points<NodePayloads>;

/** All points of an engine on its own. */
export interface EngineServerDiagnostics extends Pick<ServerDiagnostics, "engine" | "deadlines"> {
  /** HTTP and WebSocket handshakes: `sockeye:node:…`. */
  readonly node: NodeDiagnostics;
}

/** All points of a server. */
export interface NodeServerDiagnostics extends ServerDiagnostics, EngineServerDiagnostics {}

/** Makes the points of one server; their names begin with `sockeye:node:`. */
export function createNodeDiagnostics(setUp: PointsSetUp = {}): NodeDiagnostics {
  return createPoints("sockeye:node", ROWS, setUp);
}

/** The channel of Node that carries what a point of that name publishes, for all servers of the process. */
export const nodeChannel: NonNullable<PointsSetUp["channel"]> = (name) => channel(name);

/** The names of the points and when they publish, for reference pages. */
export const nodeDiagnosticsRows: PointRows<NodePayloads> = ROWS;
