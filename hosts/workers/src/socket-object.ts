// The Durable Object that an application extends.

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
}
