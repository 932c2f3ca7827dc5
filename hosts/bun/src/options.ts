// Options of the Bun host, on top of those of every host's server.

import { callback, custom, flag, type Rules } from "@sockeye/portable";
import type { ServerOptions as OptionsOfEveryHost, RequestRecord } from "@sockeye/server";
import type { BunFetch, BunWebSocketCallbacks } from "./bun.ts";

/** The request as applications see it: of Node's form; `raw` is Bun's. */
export type BunRequest = RequestRecord<Request>;

/** Options that only the Bun host has. */
export interface BunOptions {
  /** Answers requests for other paths, such as `app.fetch` of Hono. Default: 404. */
  readonly fetch: BunFetch | undefined;
  /** Receives the WebSockets that the application itself has upgraded. Default none. */
  readonly websocket: BunWebSocketCallbacks | undefined;
  /** Whether WebSocket messages are compressed for clients that offer it. Default `false`. */
  readonly perMessageDeflate: boolean;
}

/** All options of a server on Bun. */
export interface ServerOptions extends OptionsOfEveryHost<BunRequest>, BunOptions {}

/** The rules of the host's own options. */
export const bunOptionRules: Rules<BunOptions> = {
  fetch: callback<BunFetch>(),
  websocket: custom<BunWebSocketCallbacks | undefined>(
    undefined,
    (value) => typeof (value as BunWebSocketCallbacks | null)?.message === "function",
    "an object with the function message",
  ),
  perMessageDeflate: flag(false),
};
