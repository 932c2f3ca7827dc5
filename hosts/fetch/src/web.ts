// What an application hands in, and what it is handed: functions over Request and Response.

import type { UpgradedWebSocket } from "@sockeye/hosting";

/** Accepts a handshake, as `Deno.upgradeWebSocket` does. `context`: the handler's further arguments. */
export type UpgradeWebSocket = (
  request: Request,
  options: { readonly protocol?: string },
  ...context: never[]
) => UpgradedWebSocket;

/** What `io.handler()` returns. Further arguments go to the options `fetch`, `remoteAddress` and `upgradeWebSocket`. */
export type FetchHandler = (
  request: Request,
  ...context: unknown[]
) => Response | Promise<Response>;
