// Bun's part of one engine: what `Bun.serve` calls, and the servers that `listen` has started.

import { type Handshake, type WebAnswer, WebEngine, type WebRuntime } from "@sockeye/hosting";
import { bufferBytes, services } from "@sockeye/hosting/node";
import {
  type Gateway,
  headerLines,
  type MessageSocketContext,
  type Mount,
  type TurnServices,
  turnServices,
} from "@sockeye/server";
import {
  type BunHandler,
  type BunServer,
  type BunWebSocket,
  type BunWebSocketHandler,
  bunRuntime,
} from "./bun.ts";
import { bunError } from "./errors.ts";
import type { BunOptions, ServerOptions } from "./options.ts";
import { BunRawSocket } from "./raw-socket.ts";

/** Bun's own limit of a body, which is not lowered: other paths are the application's. */
const BODY_LIMIT = 128 * 1024 * 1024;
/** Bun's largest. The engine has its own limit of what may wait, `maxSendBufferSize`. */
const NO_LIMIT = 0xffff_ffff;

/** The end of a turn, when all servers write. */
export const turn: TurnServices = turnServices(services);

const runtime: WebRuntime<BunServer> = {
  ...services,
  bytes: bufferBytes,
  keepsHeaders: true,
  // Bun forgets it with the answer.
  addressOf: (request, server) => server.requestIP(request)?.address ?? "",
  // A poll may wait longer than Bun lets a connection be idle; the heartbeat ends it.
  onWait: (request, server) => server.timeout(request, 0),
};

/** Tells our WebSockets from those that the application has upgraded. */
function isOurs(ws: BunWebSocket): ws is BunWebSocket & { readonly data: BunRawSocket } {
  return ws.data instanceof BunRawSocket;
}

/** The part of Bun in one engine. A handshake that was completed has no response. */
export class BunEngine extends WebEngine<BunServer, undefined> {
  readonly #options: ServerOptions;
  readonly #context: MessageSocketContext;

  constructor(gateway: Gateway, options: ServerOptions) {
    super(gateway, runtime, options);
    this.#options = options;
    const { maxHttpBufferSize: limit, perMessageDeflate: compresses } = options;
    const { surface } = services;
    this.#context = { gateway, batch: turn.batch, surface, limit, compresses };
  }

  attach(source: unknown, mount: Mount): BunServer {
    const given = typeof source === "object" ? source : { port: Number(source) };
    const handler = this.#handlerFor(mount, { ...(mount.options as BunOptions), ...given });
    const bun = bunRuntime();
    if (bun === undefined) throw bunError("ERR_NOT_BUN");
    return bun.serve({ ...given, ...handler });
  }

  handler(mount: Mount): BunHandler {
    return this.#handlerFor(mount, mount.options as BunOptions);
  }

  /** Frameworks want a response of each route; Bun ignores that of a handshake that was completed. */
  handleRequest(request: Request, server: BunServer): Response | Promise<Response> {
    const answer: WebAnswer<undefined> = this.pass(request, server);
    if (answer instanceof Promise) return answer.then((each) => each ?? new Response(null));
    return answer ?? new Response(null);
  }

  complete({ headers, native, request, ticket }: Handshake<BunServer>): undefined | null {
    const data = new BunRawSocket(ticket, this.#context);
    const lines = headerLines(headers);
    const options = lines.length === 0 ? { data } : { data, headers: lines };
    return native.upgrade(request, options) ? undefined : null;
  }

  override stop(server: BunServer, done: (error?: Error) => void): void {
    this.stopOnce(server, done, () => server.stop());
  }

  #handlerFor(
    mount: Mount,
    { fetch, websocket }: Pick<BunOptions, "fetch" | "websocket">,
  ): BunHandler {
    return {
      fetch: this.serve(mount, fetch),
      websocket: this.#callbacks(websocket),
      maxRequestBodySize: Math.max(BODY_LIMIT, this.#options.maxHttpBufferSize),
    };
  }

  #callbacks(others: BunOptions["websocket"]): BunWebSocketHandler {
    const { maxHttpBufferSize, perMessageDeflate } = this.#options;
    return {
      // Bun's close frame for a longer message has the code 1009.
      maxPayloadLength: maxHttpBufferSize,
      backpressureLimit: NO_LIMIT,
      // The engine has its own heartbeat.
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate,
      open: (ws) => (isOurs(ws) ? ws.data.onOpen(ws) : others?.open?.(ws)),
      message: (ws, message) =>
        isOurs(ws) ? ws.data.onMessage(message) : others?.message(ws, message),
      drain: (ws) => (isOurs(ws) ? ws.data.onWritten() : others?.drain?.(ws)),
      close: (ws, code, reason) =>
        isOurs(ws) ? ws.data.onEnd(code, reason) : others?.close?.(ws, code, reason),
    };
  }
}
