// Options of this host, on top of those of every host's server.

import { custom, flag, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";
import type { UwsModule } from "./uws.ts";

/** The request as applications see it: of Node's form. There is no request of uWebSockets.js: it ends with its handler. */
export type UwsRequestRecord = RequestRecord<undefined>;

/** Options that only this host has. */
export interface UwsOptions {
  /** The module uWebSockets.js, for `listen` with a port. Default none. */
  readonly uws: UwsModule | undefined;
  /** Whether WebSocket messages are compressed for clients that offer it, without a context. Default `false`. */
  readonly perMessageDeflate: boolean;
}

/** All options of a server on uWebSockets.js. */
export interface ServerOptions extends OptionsOfEveryHost<UwsRequestRecord>, UwsOptions {}

/** The rules of the host's own options. */
export const uwsOptionRules: Rules<UwsOptions> = {
  uws: custom<UwsModule | undefined>(
    undefined,
    (value) => typeof (value as UwsModule | null)?.App === "function",
    "the module uWebSockets.js",
  ),
  perMessageDeflate: flag(false),
};
