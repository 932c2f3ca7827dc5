// What `require("@sockeye/node")` gives: a function that makes a server, as Socket.IO 2.x had it,
// with the named exports as its members.

import { Namespace, Socket } from "@sockeye/core";
import { type Listenable, NodeServer } from "./server.ts";

interface Callable {
  (source?: Listenable | object, options?: object): NodeServer;
  readonly Server: typeof NodeServer;
  readonly Namespace: typeof Namespace;
  readonly Socket: typeof Socket;
}

function createServer(source?: Listenable | object, options?: object): NodeServer {
  return new NodeServer(source, options);
}

/** `require("@sockeye/node")(httpServer)` and `require("@sockeye/node").Server`. */
export const callable: Callable = Object.assign(createServer, {
  Server: NodeServer,
  Namespace,
  Socket,
});
