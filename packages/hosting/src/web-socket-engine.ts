// The part of a runtime in one engine whose handshakes are completed by a response, with a WebSocket of the web's platform.

import type { Ticket } from "@sockeye/engine";
import { type Gateway, headerLines, type ServerOptions } from "@sockeye/server";
import { WebEngine } from "./engine.ts";
import type { WebRuntime } from "./runtime.ts";
import type { Handshake } from "./upgrade.ts";
import type { UpgradedWebSocket, WebSocketLike } from "./web.ts";
import { follow, WebRawSocket, type WebSocketContext } from "./web-socket.ts";

const OPEN = 1;

/** The part of a runtime in one engine. */
export abstract class WebSocketEngine<Native> extends WebEngine<Native> {
  protected readonly sockets: WebSocketContext;

  constructor(
    gateway: Gateway,
    runtime: WebRuntime<Native>,
    options: Pick<ServerOptions, "httpCompression" | "maxHttpBufferSize">,
  ) {
    super(gateway, runtime, options);
    this.sockets = { runtime, limit: options.maxHttpBufferSize };
  }

  /** Accepts a handshake. @throws when it cannot be completed */
  protected abstract accept(
    request: Request,
    options: { readonly protocol?: string },
    native: Native,
  ): UpgradedWebSocket;

  /** Attaches a WebSocket whose handshake was accepted. */
  protected open(ticket: Ticket, ws: WebSocketLike): void {
    const raw = new WebRawSocket(ws, this.sockets);
    follow(raw);
    if (ws.readyState === OPEN) this.gateway.attach(ticket, raw);
    else ws.addEventListener("open", () => this.gateway.attach(ticket, raw));
  }

  override complete(handshake: Handshake<Native>): Response | null {
    const { headers, native, protocol, request, ticket } = handshake;
    let upgraded: UpgradedWebSocket;
    try {
      upgraded = this.accept(request, protocol === undefined ? {} : { protocol }, native);
    } catch {
      return null;
    }
    const { socket, response } = upgraded;
    for (const [name, value] of headerLines(headers)) response.headers.append(name, value);
    this.open(ticket, socket);
    return response;
  }
}
