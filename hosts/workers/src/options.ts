// Options of the host on Cloudflare Workers, on top of those of every host's server.

import { callback, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";

/** The request as applications see it: of Node's form; `raw` is Cloudflare's. */
export type WorkersRequest = RequestRecord<Request>;

/** Options that only the host on Cloudflare Workers has. */
export interface WorkersOptions {
  /** Answers requests for other paths. Default: 404. */
  readonly fetch: ((request: Request) => Response | Promise<Response>) | undefined;
}

/** All options of a server in a Durable Object. */
export interface ServerOptions extends OptionsOfEveryHost<WorkersRequest>, WorkersOptions {}

/** The rules of the host's own options. */
export const workersOptionRules: Rules<WorkersOptions> = {
  fetch: callback<NonNullable<WorkersOptions["fetch"]>>(),
};
