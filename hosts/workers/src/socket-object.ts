// The Durable Object that an application extends.

import type { WebSocketLike } from "@sockeye/hosting";
import type { ObjectState } from "./cloudflare.ts";
import { Server, type ServerOptions } from "./typed.ts";

/**
 * A Durable Object with a server. Register listeners in the constructor: it runs whenever the object begins or wakes up.
 * @example
 * export class Chat extends SocketObject {
 *   constructor(ctx, env) {
 *     super(ctx, env, { cors: { origin: "https://example.com" } });
 *     this.io.on("connection", (socket) => socket.on("say", (text) => this.io.emit("said", text)));
 *   }
 * }
 */
export class SocketObject<Env = unknown> {
  /** The server. */
  readonly io: Server;
  /** The bindings of the Worker. */
  protected readonly env: Env;
  /** The state of the object. */
  protected readonly ctx: ObjectState;

  /**
   * @param ctx the state of the object
   * @param env the bindings
   * @param options as for `new Server`
   */
  constructor(ctx: ObjectState, env: Env, options: ServerOptions = {}) {
    this.ctx = ctx;
    this.env = env;
    this.io = new Server(ctx, options);
  }

  /** Called by Cloudflare with each request for the object. */
  fetch(request: Request): Response | Promise<Response> {
    return this.io.httpServer.fetch(request);
  }

  /** Called by Cloudflare with a message of a WebSocket. */
  webSocketMessage(ws: WebSocketLike, message: string | ArrayBuffer): void {
    this.io.httpServer.webSocketMessage(ws, message);
  }

  /** Called by Cloudflare when the client has closed a WebSocket. */
  webSocketClose(ws: WebSocketLike): void {
    this.io.httpServer.webSocketClose(ws);
  }

  /** Called by Cloudflare when the network connection of a WebSocket has ended. */
  webSocketError(ws: WebSocketLike, error: unknown): void {
    this.io.httpServer.webSocketError(ws, error);
  }

  /** Called by Cloudflare when the alarm is due, which is the server's: it is set for pings. */
  alarm(): void {
    this.io.httpServer.alarm();
  }
}
