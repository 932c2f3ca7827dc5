// The part of Cloudflare Workers in one engine: what the methods of a Durable Object call. Its WebSockets stay while the object
// loses its memory, and find their connections again when it wakes up.

import type { SavedPeer } from "@sockeye/core";
import type { SavedConnection, Ticket } from "@sockeye/engine";
import {
  FetchEngine,
  type FetchHandler,
  surface,
  type UpgradedWebSocket,
  type WebSocketLike,
} from "@sockeye/fetch/kit";
import type { Gateway, Mount } from "@sockeye/server";
import { cloudflare, type ObjectState, type ObjectWebSocket } from "./cloudflare.ts";
import { workersError } from "./errors.ts";
import { ObjectConnections } from "./object-connections.ts";
import { type ObjectServices, servicesOf } from "./object-services.ts";
import { GONE, ObjectSocket, type ObjectSocketContext } from "./object-socket.ts";
import type { ServerOptions } from "./options.ts";

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
  readonly services: ObjectServices;
  readonly connections: ObjectConnections;
}

/** The part of Cloudflare Workers in one engine. */
export class WorkersEngine extends FetchEngine {
  readonly #options: ServerOptions;
  readonly #sockets = new Map<WebSocketLike, ObjectSocket>();
  readonly #context: ObjectSocketContext;
  #attached: Attached | null = null;

  constructor(gateway: Gateway, options: ServerOptions) {
    super(gateway, options);
    this.#options = options;
    // What is sent may come from no event of a client, but from a method of the object.
    this.#context = { ...this.sockets, onSend: () => this.#attached?.connections.stir() };
  }

  override attach(ctx: ObjectState, mount: Mount): ObjectHandler {
    const services = servicesOf(ctx);
    const { clock, store } = services;
    const connections = new ObjectConnections({ gateway: this.gateway, store, clock, surface });
    this.#attached = { ctx, services, connections };
    const { WebSocketRequestResponsePair: Pair } = cloudflare;
    // Clients of revision 3 ping by themselves.
    if (this.#options.allowEIO3 && Pair !== undefined)
      ctx.setWebSocketAutoResponse(new Pair("2", "3"));
    const sockets = ctx.getWebSockets(TAG);
    if (sockets.length > 0 || store.connections().size > 0) {
      // Listeners are registered by the constructor that calls this; events wait.
      void ctx.blockConcurrencyWhile(async () => {
        await Promise.resolve();
        this.#wake(sockets);
      });
    }
    return this.#handlerOver(this.handler(mount));
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
    const id = ticket.id ?? ("connection" in admission ? admission.connection.id : "");
    (ws as ObjectWebSocket).serializeAttachment(id);
    this.gateway.attach(ticket, this.#track(ws, id));
    this.#here().connections.touch(id);
  }

  protected override addressOf(request: Request): string {
    return request.headers.get("cf-connecting-ip") ?? "";
  }

  #here(): Attached {
    if (this.#attached === null) throw workersError("ERR_LISTEN_TARGET");
    return this.#attached;
  }

  #track(ws: WebSocketLike, id: string): ObjectSocket {
    const raw = new ObjectSocket(ws, this.#context, id);
    this.#sockets.set(ws, raw);
    return raw;
  }

  #handlerOver(handle: FetchHandler): ObjectHandler {
    return {
      fetch: (request) => {
        this.#begin(SESSION.exec(request.url)?.[1] ?? null);
        return handle(request);
      },
      webSocketMessage: (ws, message) => this.#with(ws, (raw) => raw.onMessage(message)),
      webSocketClose: (ws) =>
        this.#with(ws, (raw) => {
          this.#sockets.delete(ws);
          raw.onClosed();
        }),
      webSocketError: (ws, error) =>
        this.#with(ws, (raw) => {
          this.#sockets.delete(ws);
          raw.onFailed(error instanceof Error ? error.message : "");
        }),
      saveSoon: () => this.#here().connections.stir(),
      alarm: () => {
        this.#begin(null);
        this.#noteAnswered();
        this.#here().services.clock.onAlarm();
      },
    };
  }

  /** An event of the object. */
  #begin(id: string | null): void {
    const { connections, services } = this.#here();
    services.clock.runDue();
    connections.stir();
    if (id !== null) connections.touch(id);
  }

  #with(ws: WebSocketLike, act: (raw: ObjectSocket) => void): boolean {
    const raw = this.#sockets.get(ws);
    if (raw === undefined) return false;
    this.#begin(raw.id);
    act(raw);
    return true;
  }

  /** Pings that were answered without the object are signs of life. */
  #noteAnswered(): void {
    if (!this.#options.allowEIO3) return;
    const { ctx } = this.#here();
    for (const raw of this.#sockets.values()) {
      const at = ctx.getWebSocketAutoResponseTimestamp(raw.ws)?.getTime() ?? 0;
      if (at <= raw.answeredAt) continue;
      raw.answeredAt = at;
      raw.onMessage("2");
    }
  }

  #wake(sockets: readonly ObjectWebSocket[]): void {
    const byId = new Map(sockets.map((ws) => [ws.deserializeAttachment() as string, ws]));
    this.#here().connections.wake((saved) => {
      const ws = byId.get(saved.id);
      if (saved.transport.kind !== "websocket") {
        this.gateway.revive(saved, null);
        return;
      }
      if (ws === undefined) this.#mourn(saved);
      else this.gateway.revive(saved, this.#track(ws, saved.id));
      byId.delete(saved.id);
    });
    // Those of connections that were not open yet, were trying an upgrade, or cannot be set up.
    for (const ws of byId.values()) ws.close();
    this.#noteAnswered();
  }

  /** A connection whose WebSocket has gone with the process: the application hears of it, and recovery keeps its sockets. */
  #mourn(saved: SavedConnection): void {
    const raw = new ObjectSocket(GONE, this.#context, saved.id);
    this.gateway.revive({ ...saved, handler: unconfirmed(saved.handler as SavedPeer) }, raw);
    raw.onClosed();
  }
}

/** What was sent last is not known: it may have been sent after the connection was saved. */
function unconfirmed(peer: SavedPeer): SavedPeer {
  const sockets = peer.sockets.map(({ recovery, ...socket }) => ({
    ...socket,
    recovery: recovery && { ...recovery, sent: "" },
  }));
  return { ...peer, sockets };
}
