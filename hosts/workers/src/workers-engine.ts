// The part of Cloudflare Workers in one engine: what the methods of a Durable Object call.

import type { Ticket } from "@sockeye/engine";
import {
  type UpgradedWebSocket,
  type WebHandler,
  WebSocketEngine,
  type WebSocketLike,
  webRuntime,
} from "@sockeye/hosting";
import {
  Hibernation,
  type HibernationServices,
  hibernationServices,
} from "@sockeye/hosting/hibernation";
import type { Gateway, Mount } from "@sockeye/server";
import { cloudflare, type ObjectState, type ObjectWebSocket } from "./cloudflare.ts";
import { workersError } from "./errors.ts";
import type { ServerOptions, WorkersOptions } from "./options.ts";

/** Distinguishes our WebSockets from those of the application. */
const TAG = "sockeye";
const SESSION = /[?&]sid=([\w-]+)/;

/** What the methods of a Durable Object call. Those of WebSockets return `false` for one that is not the server's. */
export interface ObjectHandler {
  fetch(request: Request): Response | Promise<Response>;
  webSocketMessage(ws: WebSocketLike, message: string | ArrayBuffer): boolean;
  webSocketClose(ws: WebSocketLike): boolean;
  webSocketError(ws: WebSocketLike, error: unknown): boolean;
  alarm(): void;
  /**
   * Stores what has changed, a second after the last event. Call it in a method of your own that changes rooms or `data` of
   * sockets and sends them nothing; everything else calls it by itself.
   */
  saveSoon(): void;
}

interface Attached {
  readonly ctx: ObjectState;
  readonly hibernation: Hibernation;
}

const known = new WeakMap<ObjectState, HibernationServices>();

/** The services of an object, the same ones for all that is attached to it. */
export function servicesOf(ctx: ObjectState): HibernationServices {
  const services = known.get(ctx) ?? hibernationServices(ctx.storage);
  known.set(ctx, services);
  return services;
}

const addressOf = (request: Request): string => request.headers.get("cf-connecting-ip") ?? "";

/** The part of Cloudflare Workers in one engine. */
export class WorkersEngine extends WebSocketEngine<undefined> {
  readonly #options: ServerOptions;
  #attached: Attached | null = null;

  constructor(gateway: Gateway, options: ServerOptions) {
    super(gateway, { ...webRuntime, addressOf }, options);
    this.#options = options;
  }

  attach(ctx: ObjectState, mount: Mount): ObjectHandler {
    const services = servicesOf(ctx);
    const hibernation = new Hibernation(this.gateway, services, this.sockets);
    services.clock.beforeDue(() => this.#noteAnswered());
    this.#attached = { ctx, hibernation };
    const { WebSocketRequestResponsePair: Pair } = cloudflare;
    // Clients of revision 3 ping by themselves.
    if (this.#options.allowEIO3 && Pair !== undefined)
      ctx.setWebSocketAutoResponse(new Pair("2", "3"));
    const sockets = ctx.getWebSockets(TAG);
    if (sockets.length > 0 || hibernation.isNeeded) {
      // Listeners are registered by the constructor that calls this; events wait.
      void ctx.blockConcurrencyWhile(async () => {
        await Promise.resolve();
        hibernation.wake(new Map(sockets.map((ws) => [ws.deserializeAttachment() as string, ws])));
        this.#noteAnswered();
      });
    }
    const { fetch } = mount.options as Partial<WorkersOptions>;
    return this.#handlerOver(hibernation, this.serve(mount, fetch));
  }

  handleRequest(request: Request): Response | Promise<Response> {
    return this.pass(request, undefined);
  }

  protected override accept(
    _request: Request,
    { protocol }: { readonly protocol?: string },
  ): UpgradedWebSocket {
    const { WebSocketPair } = cloudflare;
    if (WebSocketPair === undefined) throw workersError("ERR_NOT_WORKERS");
    const { 0: client, 1: socket } = new WebSocketPair();
    const headers: [string, string][] =
      protocol === undefined ? [] : [["sec-websocket-protocol", protocol]];
    const init = { status: 101, webSocket: client, headers };
    this.#here().ctx.acceptWebSocket(socket, [TAG]);
    return { socket, response: new Response(null, init) };
  }

  protected override open(ticket: Ticket, ws: WebSocketLike): void {
    const { admission } = ticket;
    const { hibernation } = this.#here();
    const id = ticket.id ?? ("connection" in admission ? admission.connection.id : "");
    (ws as ObjectWebSocket).serializeAttachment(id);
    this.gateway.attach(ticket, hibernation.track(ws, id));
    hibernation.touch(id);
  }

  #here(): Attached {
    if (this.#attached === null) throw workersError("ERR_LISTEN_TARGET");
    return this.#attached;
  }

  #handlerOver(hibernation: Hibernation, handle: WebHandler<undefined>): ObjectHandler {
    return {
      fetch: (request) => {
        hibernation.begin(SESSION.exec(request.url)?.[1] ?? null);
        return handle(request, undefined);
      },
      webSocketMessage: (ws, message) => hibernation.onMessage(ws, message),
      webSocketClose: (ws) => hibernation.onEnd(ws, null),
      webSocketError: (ws, error) =>
        hibernation.onEnd(ws, error instanceof Error ? error.message : ""),
      saveSoon: () => hibernation.stir(),
      alarm: () => {
        hibernation.begin(null);
        hibernation.onAlarm();
      },
    };
  }

  /** Pings of clients of revision 3 were answered without the object. */
  #noteAnswered(): void {
    if (!this.#options.allowEIO3) return;
    const { ctx, hibernation } = this.#here();
    hibernation.noteAnswered((ws) => ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime() ?? 0);
  }
}
