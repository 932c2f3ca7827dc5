// The plugin for Fastify. Its types are the little that it needs of an application, so that it compiles without Fastify.

import type { Server as HttpServer } from "node:http";
import { Server, type ServerOptions } from "@sockeye/node";

/** What the plugin needs of an application of Fastify. */
export interface FastifyApplication {
  /** The server of HTTP that the application listens with. */
  readonly server: unknown;
  decorate(name: string, value: unknown): unknown;
  addHook(name: "preClose", hook: (done: () => void) => void): unknown;
}

/** Options of the plugin: those of the server. */
export type SockeyePluginOptions = Partial<ServerOptions>;

/**
 * A plugin for `app.register`: makes `app.io`, a server of Sockeye on the HTTP server of the application, and closes it before the
 * application stops listening. Otherwise open connections would keep `app.close()` waiting. TypeScript learns of `app.io` by three lines, which
 * the example has.
 * @param options of the server
 * @example
 * await app.register(sockeye, { connectionStateRecovery: {} });
 * app.io.on("connection", (socket) => socket.emit("hello"));
 */
export function sockeye(
  app: FastifyApplication,
  options: SockeyePluginOptions,
  done: (error?: Error) => void,
): void {
  const io = new Server(app.server as HttpServer, options);
  app.decorate("io", io);
  app.addHook("preClose", (closed) => {
    // Fastify closes the HTTP server itself; until then it answers requests that have begun.
    void io.close().then(closed, closed);
  });
  done();
}

// So does `fastify-plugin` say that a plugin's decorations are the whole application's.
Object.defineProperty(sockeye, Symbol.for("skip-override"), { value: true });
Object.defineProperty(sockeye, Symbol.for("fastify.display-name"), { value: "@sockeye/fastify" });
