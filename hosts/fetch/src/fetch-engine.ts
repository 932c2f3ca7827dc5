// The part of Request and Response in one engine: the handler that a runtime calls.

import { type UpgradedWebSocket, WebSocketEngine, webRuntime } from "@sockeye/hosting";
import type { Gateway, Mount } from "@sockeye/server";
import { fetchError } from "./errors.ts";
import type { FetchOptions, ServerOptions } from "./options.ts";
import type { FetchHandler } from "./web.ts";

/** The handler's further arguments: of whatever type the application's functions take. */
type Context = readonly never[];

/** The part of the web's platform in one engine. */
export class FetchEngine extends WebSocketEngine<Context> {
  readonly #options: ServerOptions;

  constructor(gateway: Gateway, options: ServerOptions) {
    const { remoteAddress } = options;
    const addressOf = (request: Request, context: Context): string =>
      remoteAddress?.(request, ...context) ?? "";
    super(gateway, { ...webRuntime, addressOf }, options);
    this.#options = options;
  }

  /** Never called: the host has refused the source. */
  attach(): unknown {
    throw fetchError("ERR_LISTEN_TARGET");
  }

  handler(mount: Mount): FetchHandler {
    const { fetch } = mount.options as Partial<FetchOptions>;
    const handle = this.serve(mount, fetch && ((request, context) => fetch(request, ...context)));
    return (request, ...context) => handle(request, context as unknown as Context);
  }

  handleRequest(request: Request, ...context: unknown[]): Response | Promise<Response> {
    return this.pass(request, context as unknown as Context);
  }

  protected override accept(
    request: Request,
    options: { readonly protocol?: string },
    context: Context,
  ): UpgradedWebSocket {
    const upgraded = this.#options.upgradeWebSocket?.(request, options, ...context);
    if (upgraded === undefined) throw new Error("there are no WebSockets");
    return upgraded;
  }
}
