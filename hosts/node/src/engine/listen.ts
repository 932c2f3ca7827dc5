// Functions that create an engine: on a given HTTP server, or on a new one.

import { createServer, type Server as HttpServer } from "node:http";
import { type AttachOptions, EngineServer } from "./engine-server.ts";

/** Creates an engine and attaches it to an HTTP server. One object holds the options of both. */
export function attach(http: HttpServer, options: AttachOptions & object = {}): EngineServer {
  const engine = new EngineServer(options);
  engine.attach(http, options);
  return engine;
}

/** Creates an engine with its own HTTP server, which answers other requests with 501. */
export function listen(
  port: number,
  options: (AttachOptions & object) | (() => void) = {},
  onListening?: () => void,
): EngineServer {
  const http = createServer((_request, response) => {
    response.writeHead(501).end("Not Implemented");
  });
  const [given, callback] = typeof options === "function" ? [{}, options] : [options, onListening];
  const engine = attach(http, given);
  engine.httpServer = http;
  http.listen(port, callback);
  return engine;
}
