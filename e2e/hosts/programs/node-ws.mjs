// Our server on Node's HTTP server, with `ws` as its engine for WebSockets.

import { createRequire } from "node:module";
import { Server } from "@sockeye/node";
import { serve } from "./agent.mjs";
import { overNodeHttp } from "./node-http.mjs";

// The version that @sockeye/node depends on.
const { WebSocketServer } = createRequire(import.meta.resolve("@sockeye/node"))("ws");

class ServerOnWs extends Server {
  constructor(http, options) {
    super(http, { ...options, wsEngine: WebSocketServer });
  }
}

serve(overNodeHttp(ServerOnWs));
