// Options of the host for Request and Response, on top of those of every host's server.

import { callback, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";
import type { UpgradeWebSocket } from "./web.ts";

/** The request as applications see it: of Node's form; `raw` is the runtime's. */
export type FetchRequest = RequestRecord<Request>;

/** Options that only the host for Request and Response has. */
export interface FetchOptions {
  /** Answers requests for other paths. Default: 404. */
  readonly fetch:
    | ((request: Request, ...context: never[]) => Response | Promise<Response>)
    | undefined;
  /** The client's address, for `socket.handshake.address`. Default: empty, because a Request has none. */
  readonly remoteAddress: ((request: Request, ...context: never[]) => string) | undefined;
  /**
   * Accepts WebSocket handshakes, such as `Deno.upgradeWebSocket`. Default: none; `transports` is then polling alone by default.
   */
  readonly upgradeWebSocket: UpgradeWebSocket | undefined;
}

/** All options of a server over Request and Response. */
export interface ServerOptions extends OptionsOfEveryHost<FetchRequest>, FetchOptions {}

/** The rules of the host's own options. */
export const fetchOptionRules: Rules<FetchOptions> = {
  fetch: callback<NonNullable<FetchOptions["fetch"]>>(),
  remoteAddress: callback<NonNullable<FetchOptions["remoteAddress"]>>(),
  upgradeWebSocket: callback<UpgradeWebSocket>(),
};
