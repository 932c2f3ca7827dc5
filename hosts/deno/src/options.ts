// Options of the Deno host, on top of those of every host's server.

import { callback, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";
import type { DenoHandler } from "./deno.ts";

/** The request as applications see it: of Node's form; `raw` is Deno's. */
export type DenoRequest = RequestRecord<Request>;

/** Options that only the Deno host has. */
export interface DenoOptions {
  /** Answers requests for other paths, such as `app.fetch` of Hono. Default: 404. */
  readonly fetch: DenoHandler | undefined;
}

/** All options of a server on Deno. */
export interface ServerOptions extends OptionsOfEveryHost<DenoRequest>, DenoOptions {}

/** The rules of the host's own options. */
export const denoOptionRules: Rules<DenoOptions> = { fetch: callback<DenoHandler>() };
