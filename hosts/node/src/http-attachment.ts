// Puts a server in front of an HTTP server's own listeners, for the paths that are ours.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ClientFiles } from "./client-files.ts";
import type { Gateway } from "./gateway.ts";
import type { ServerOptions } from "./options.ts";

/** What an attachment needs of its server; read at each request, because users may change it. */
export interface AttachedServer {
  path(): string;
  serveClient(): boolean;
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;
type CorsMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** Attaches; requests that are not ours go on to the listeners that were there before. */
export function attachToHttp(
  http: HttpServer,
  gateway: Gateway,
  to: {
    readonly server: AttachedServer;
    readonly options: ServerOptions;
    readonly cors: CorsMiddleware | null;
    readonly files: ClientFiles;
  },
): void {
  const { server, options, cors, files } = to;
  const earlier = http.listeners("request") as RequestListener[];
  http.removeAllListeners("request");

  const enginePath = (): string => server.path() + (options.addTrailingSlash ? "/" : "");

  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? "/";
    const file = server.serveClient() ? ClientFiles.nameIn(url, server.path()) : null;
    if (file !== null) {
      const serve = (): void => void files.serve(file, request, response);
      if (cors === null) serve();
      else cors(request, response, serve);
    } else if (url.startsWith(enginePath())) gateway.onRequest(request, response);
    else for (const listener of earlier) listener.call(http, request, response);
  });

  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if ((request.url ?? "/").startsWith(enginePath())) gateway.onUpgrade(request, socket, head);
    else if (options.destroyUpgrade) endUnanswered(socket, options.destroyUpgradeTimeout);
  });
}

/** Ends a handshake that nobody else has answered in the meantime. */
function endUnanswered(socket: Duplex, timeout: number): void {
  const timer = setTimeout(() => {
    const { bytesWritten } = socket as { bytesWritten?: number };
    if (!socket.writable || (bytesWritten ?? 0) > 0) return;
    socket.on("error", () => {});
    socket.end();
  }, timeout);
  timer.unref();
}
