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

function createServer(source?: TypedListenable | ServerOptions, options?: ServerOptions): Server {
  return new Server(source, options);
}

/** Its members. */
interface Members {
  readonly Server: NodeServerConstructor;
  readonly Namespace: typeof Namespace;
  readonly Socket: typeof Socket;
  readonly msgpackCodec: typeof msgpackCodec;
}

const members: Members = { Server, Namespace, Socket, msgpackCodec };

/** `require("@sockeye/node")(httpServer)` and `require("@sockeye/node").Server`. */
export const callable: typeof createServer & Members = Object.assign(createServer, members);
