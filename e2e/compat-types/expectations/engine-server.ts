// The engine of the server on its own: names and how they are used.

import { createServer } from "node:http";
import {
  type AttachOptions,
  attach,
  listen,
  parser,
  protocol,
  Server,
  type ServerOptions,
  type Socket,
  type Transport,
} from "engine.io";

const revision: 4 | number = protocol;
const options: ServerOptions = { pingInterval: 1000, transports: ["polling"] };
const attaching: AttachOptions = { path: "/x", destroyUpgrade: false };
const server = new Server(options);
const http = createServer();
server.attach(http, attaching);
const attached = attach(http, { ...attaching, ...options });
const listening = listen(0, options, () => {});

server.on("connection", (socket: Socket) => {
  const state: string = socket.readyState;
  const transport: Transport = socket.transport;
  socket.send("text").write("text", { compress: false }, () => {});
  socket.on("message", (data) => void data);
  socket.on("close", (reason, description) => void [reason, description]);
  socket.close(true);
  void [state, transport.name];
});
server.on("connection_error", (error) => void error);
server.use((_request: unknown, _response: unknown, next: () => void) => next());
const count: number = server.clientsCount;
server.close();
attached.close();
listening.close();
void [revision, count, parser.protocol, parser.encodePayload];
