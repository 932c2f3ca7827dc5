// The functions beside the engine's class: an engine on an HTTP server, or on one of its own.

import { createServer, type Server as HttpServer } from "node:http";
import { type AttachOptions, EngineServer } from "./engine-server.ts";

/** Makes an engine and attaches it to an HTTP server. Both kinds of options stand in one object. */
export function attach(http: HttpServer, options: AttachOptions & object = {}): EngineServer {
  const engine = new EngineServer(options);
  engine.attach(http, options);
  return engine;
}

/** Makes an engine on an HTTP server of its own, which answers everything else with 501. */
export function listen(
  port: number,
  options: (AttachOptions & object) | (() => void) = {},
  onListening?: () => void,
): EngineServer {
  const http = createServer((_request, response) => {
    response.writeHead(501);
    response.end("Not Implemented");
  });
  const [given, callback] = typeof options === "function" ? [{}, options] : [options, onListening];
  const engine = attach(http, given);
  engine.httpServer = http;
  http.listen(port, callback);
  return engine;
}
