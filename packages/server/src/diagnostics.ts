// The diagnostics points of a host: what happens to requests before the engine, and after it has let them pass. Their
// names begin with that of the host. Knows nothing of who listens.

import type { ServerDiagnostics } from "@sockeye/core";
import { createPoints, type PointRows, type Points, type PointsSetUp } from "@sockeye/portable";

/** What each point publishes. `Request`: as `socket.request`. */
export interface HostPayloads<Request = unknown> {
  foreignOrigin: {
    readonly request: Request;
    /** The page's, as the browser says. */
    readonly origin: string;
    /** Whether the handshake was refused: the option `foreignOrigins`. */
    readonly isRefused: boolean;
  };
  middlewareStalled: {
    readonly request: Request;
    /** Milliseconds: the option `slowMiddleware`. */
    readonly waited: number;
    readonly hint: string;
  };
  upgradeUnanswered: { readonly request: Request };
  webSocketRefused: {
    readonly request: Request;
    /** The status of the answer. */
    readonly status: number;
    readonly message: string;
  };
  limitReached: { readonly limit: HostLimit; readonly value: number };
}

/** A limit of a host. */
export type HostLimit =
  /** So many requests wait for other servers: the newest was refused. Not to be set. */
  | "maxForwarded"
  /** So many bytes of them do: the newest was refused. */
  | "maxForwardedBytes";

/** When each point publishes. */
const ROWS: PointRows<HostPayloads> = {
  foreignOrigin:
    "a handshake came from a page of another origin, with cookies or an Authorization header, and nothing allowed that origin",
  middlewareStalled:
    "middleware of the engine has neither called `next` nor answered within `slowMiddleware`. Only middleware that began while something listened",
  upgradeUnanswered:
    "an upgrade request for another path was closed, because nothing had answered it within `destroyUpgradeTimeout`",
  webSocketRefused:
    "a WebSocket handshake that the engine had let pass was refused: it is malformed, or the server is closed",
  limitReached: "a limit of the host was reached, with its name and value",
};

/** The points of a host. */
export type HostDiagnostics<Request = unknown> = Points<HostPayloads<Request>>;

/** All points of an engine on its own. */
export type EngineServerDiagnostics = Pick<ServerDiagnostics, "engine" | "deadlines">;

/** Makes the points of one server; their names begin with `sockeye:<host>:`. */
export function createHostDiagnostics(host: string, setUp: PointsSetUp = {}): HostDiagnostics {
  return createPoints(`sockeye:${host}`, ROWS, setUp);
}

/** The names of the points and when they publish, for reference pages. */
export const hostDiagnosticsRows: PointRows<HostPayloads> = ROWS;
