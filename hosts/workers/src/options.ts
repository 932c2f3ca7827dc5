// Options of the host on Cloudflare Workers, on top of those of every host's server.

import { amount, callback, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";

/** The request as applications see it: of Node's form; `raw` is Cloudflare's. */
export type WorkersRequest = RequestRecord<Request>;

/** Options that only the host on Cloudflare Workers has. */
export interface WorkersOptions {
  /**
   * Time between the answer to a ping and the next ping, each of which wakes the object. Clients are told, and wait as long
   * for a ping before they give the server up. Default 3 600 000, an hour.
   */
  readonly pingInterval: number;
  /** Answers requests for other paths. Default: 404. */
  readonly fetch: ((request: Request) => Response | Promise<Response>) | undefined;
}

/** All options of a server in a Durable Object. */
export interface ServerOptions extends OptionsOfEveryHost<WorkersRequest>, WorkersOptions {}

/** The rules of the host's own options. */
export const workersOptionRules: Rules<WorkersOptions> = {
  pingInterval: amount({ fallback: 3_600_000, min: 1, unit: "milliseconds" }),
  fetch: callback<NonNullable<WorkersOptions["fetch"]>>(),
};
