// Deno's part of one engine: what `Deno.serve` calls, and the servers that `listen` has started.

import { type UpgradedWebSocket, type WebRuntime, WebSocketEngine } from "@sockeye/hosting";
import { bufferBytes, services } from "@sockeye/hosting/node";
import type { Gateway, Mount } from "@sockeye/server";
import { type DenoHandler, type DenoServeInfo, type DenoServer, denoRuntime } from "./deno.ts";
import { denoError } from "./errors.ts";
import type { DenoOptions, ServerOptions } from "./options.ts";
import { denoQuic, serveSessions } from "./web-transport.ts";

const MILLISECONDS = 1000;

const runtime: WebRuntime<DenoServeInfo> = {
  ...services,
  bytes: bufferBytes,
  keepsHeaders: false,
  addressOf: (_request, { remoteAddr }) => ("hostname" in remoteAddr && remoteAddr.hostname) || "",
};

/** The part of Deno in one engine. */
export class DenoEngine extends WebSocketEngine<DenoServeInfo> {
  readonly #options: ServerOptions;
  /** Seconds without any frame after which Deno asks a client, and after as many more gives it up. */
  readonly #idleTimeout: number;
  /** What stops QUIC beside the servers that `attach` has returned. */
  readonly #quic = new WeakMap<object, () => Promise<void>>();

  constructor(gateway: Gateway, options: ServerOptions) {
    super(gateway, runtime, options);
    this.#options = options;
    const { pingInterval, pingTimeout } = options;
    // Longer than the engine's own heartbeat: it only matters once the engine has given a client up.
    this.#idleTimeout = Math.ceil((pingInterval + pingTimeout) / MILLISECONDS);
  }

  attach(source: unknown, mount: Mount): DenoServer {
    const given = { ...(typeof source === "object" ? source : { port: Number(source) }) };
    const { fetch } = { ...(mount.options as DenoOptions), ...given };
    const deno = denoRuntime();
    if (deno === undefined) throw denoError("ERR_NOT_DENO");
    const quic = mount.hasSessions && "cert" in given ? denoQuic() : null;
    // By default Deno prints where it listens.
    const server = deno.serve({ onListen: () => {}, ...given }, this.serve(mount, fetch));
    if (quic !== null) {
      const { port = 0 } = server.addr;
      this.#quic.set(server, serveSessions(quic, mount, { ...this.#options, ...given, port }));
    }
    return server;
  }

  handler(mount: Mount): DenoHandler {
    return this.serve(mount, (mount.options as DenoOptions).fetch);
  }

  handleRequest(request: Request, info: DenoServeInfo): Response | Promise<Response> {
    return this.pass(request, info);
  }

  override stop(server: DenoServer, done: (error?: Error) => void): void {
    this.stopOnce(server, done, () => Promise.all([server.shutdown(), this.#quic.get(server)?.()]));
  }

  protected override accept(
    request: Request,
    options: { readonly protocol?: string },
  ): UpgradedWebSocket {
    const deno = denoRuntime();
    if (deno === undefined) throw denoError("ERR_NOT_DENO");
    return deno.upgradeWebSocket(request, { ...options, idleTimeout: this.#idleTimeout });
  }
}
