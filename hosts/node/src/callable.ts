// The value of `require("@sockeye/node")`: a function that creates a server, as in Socket.IO 2.x, with the named
// exports as its members.

import { msgpackCodec } from "@sockeye/core";
import {
  Namespace,
  type NodeServerConstructor,
  Server,
  type ServerOptions,
  Socket,
  type TypedListenable,
} from "./typed.ts";

interface Callable {
  (source?: TypedListenable | ServerOptions, options?: ServerOptions): Server;
  readonly Server: NodeServerConstructor;
  readonly Namespace: typeof Namespace;
  readonly Socket: typeof Socket;
  readonly msgpackCodec: typeof msgpackCodec;
}

function createServer(source?: TypedListenable | ServerOptions, options?: ServerOptions): Server {
  return new Server(source, options);
}

/** `require("@sockeye/node")(httpServer)` and `require("@sockeye/node").Server`. */
export const callable: Callable = Object.assign(createServer, {
  Server,
  Namespace,
  Socket,
  msgpackCodec,
});
