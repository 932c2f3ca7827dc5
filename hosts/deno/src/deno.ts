// The used part of Deno's API, written here so that the declarations of an installed server need no types of Deno.

import type { UpgradedWebSocket } from "@sockeye/hosting";

/** What Deno tells of a request's connection. */
export interface DenoServeInfo {
  /** An address of the network; of a local socket it has a path. */
  readonly remoteAddr: { readonly hostname?: string } | { readonly path: string };
}

/** What `io.handler()` returns, for `Deno.serve`. */
export type DenoHandler = (request: Request, info: DenoServeInfo) => Response | Promise<Response>;

/** Deno's HTTP server. */
export interface DenoServer {
  readonly addr: { readonly port?: number };
  shutdown(): Promise<void>;
}

/** The global `Deno`. */
export interface DenoRuntime {
  serve(options: object, handler: DenoHandler): DenoServer;
  upgradeWebSocket(
    request: Request,
    options: { readonly protocol?: string; readonly idleTimeout: number },
  ): UpgradedWebSocket;
}

/** Deno; `undefined` on other runtimes. */
export function denoRuntime(): DenoRuntime | undefined {
  return (globalThis as { readonly Deno?: DenoRuntime }).Deno;
}
