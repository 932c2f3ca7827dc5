// The used part of Deno's API, written here so that the declarations of an installed server need no types of Deno.

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

/** Deno's WebSocket. */
export interface DenoWebSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** The global `Deno`. */
export interface DenoRuntime {
  serve(options: object, handler: DenoHandler): DenoServer;
  upgradeWebSocket(
    request: Request,
    options: { readonly protocol?: string; readonly idleTimeout: number },
  ): { readonly socket: DenoWebSocket; readonly response: Response };
}

/** Deno; `undefined` on other runtimes. */
export function denoRuntime(): DenoRuntime | undefined {
  return (globalThis as { readonly Deno?: DenoRuntime }).Deno;
}
