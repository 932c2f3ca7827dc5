// The used part of Bun's API, written here so that the declarations of an installed server need no package of types.

/** A header's value, or several of them, for a response. */
type HeaderLines = [name: string, value: string][];

/** Bun's HTTP server. */
export interface BunServer {
  readonly port: number | undefined;
  requestIP(request: Request): { readonly address: string } | null;
  /** Ends idle connections of this request after so many seconds; 0: never. */
  timeout(request: Request, seconds: number): void;
  /** Completes a WebSocket handshake; `false` when it is none, or its client has gone. Calls `open` before it returns. */
  upgrade(
    request: Request,
    options: { readonly data: unknown; readonly headers?: HeaderLines },
  ): boolean;
  stop(closeActiveConnections?: boolean): Promise<void>;
}

/** Bun's WebSocket. */
export interface BunWebSocket {
  readonly data: unknown;
  /** @returns -1: it waits for the client; 0: it was dropped; otherwise bytes */
  send(data: string | Uint8Array, compress?: boolean): number;
  cork(callback: () => void): unknown;
  getBufferedAmount(): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** What Bun calls with WebSockets. */
export interface BunWebSocketCallbacks {
  open?(ws: BunWebSocket): void;
  message(ws: BunWebSocket, message: string | Uint8Array): void;
  drain?(ws: BunWebSocket): void;
  close?(ws: BunWebSocket, code: number, reason: string): void;
}

/** `websocket` of `Bun.serve`. */
export interface BunWebSocketHandler extends Required<BunWebSocketCallbacks> {
  readonly maxPayloadLength: number;
  readonly backpressureLimit: number;
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  readonly perMessageDeflate: boolean;
}

/** `fetch` of `Bun.serve`. */
export type BunFetch = (
  request: Request,
  server: BunServer,
) => Response | undefined | Promise<Response | undefined>;

/** What `io.handler()` returns, to be spread into the options of `Bun.serve` or a module's default export. */
export interface BunHandler {
  readonly fetch: BunFetch;
  readonly websocket: BunWebSocketHandler;
  /** Bytes of a request's body. Longer ones are refused by Bun; those of clients have a limit of their own. */
  readonly maxRequestBodySize: number;
}

/** The global `Bun`. */
export interface BunRuntime {
  serve(options: object): BunServer;
}

/** Bun; `undefined` on other runtimes. */
export function bunRuntime(): BunRuntime | undefined {
  return (globalThis as { readonly Bun?: BunRuntime }).Bun;
}
