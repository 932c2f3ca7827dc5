// The names that socket.io exports, values and types.
// biome-ignore-all lint/suspicious/noExplicitAny: what stands in for undeclared types is what is compared.

import {
  type BroadcastOperator,
  type DefaultEventsMap,
  type DisconnectReason,
  type Event,
  type ExtendedError,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "socket.io";
import { type Equal, is } from "./equal.js";

const options: Partial<ServerOptions> = { path: "/x", serveClient: false };
const io = new Server(options);
const namespace: Namespace = io.of("/");
const isIt: boolean[] = [
  io instanceof Server,
  namespace instanceof Namespace,
  (undefined as unknown) instanceof Socket,
];
io.use((socket, next) => {
  const one: Socket = socket;
  const refusal: ExtendedError = Object.assign(new Error("no"), { data: { code: 1 } });
  void one;
  next(refusal);
});
io.on("connection", (socket) => {
  socket.use((event: Event, next) => {
    const [name, ...args] = event;
    void [name, args];
    next();
  });
  socket.on("disconnect", (reason) => {
    const known: DisconnectReason = reason;
    void known;
  });
});
const remotes: Promise<RemoteSocket<DefaultEventsMap, unknown>[]> = io.fetchSockets();
const operator: BroadcastOperator<DefaultEventsMap, unknown> = io.to("room");
is<Equal<DefaultEventsMap[string], (...args: any[]) => void>>();

export { isIt, operator, remotes };
