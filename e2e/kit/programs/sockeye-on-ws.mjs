// Our server with `ws` as its engine for WebSockets, in the place of the module that server.mjs imports.
import { createRequire } from "node:module";
import { Server as Sockeye } from "@sockeye/node";

// The version that @sockeye/node depends on.
const { WebSocketServer } = createRequire(import.meta.resolve("@sockeye/node"))("ws");

/** As the class it extends, but for the default of `wsEngine`. */
export class Server extends Sockeye {
  constructor(http, options = {}) {
    super(http, { wsEngine: WebSocketServer, ...options });
  }
}
