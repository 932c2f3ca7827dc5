// A server as applications write it: what the documentation of Socket.IO shows, in TypeScript.
// biome-ignore-all lint/suspicious/noExplicitAny: applications write it so.

import { createServer, type IncomingMessage } from "node:http";
import {
  type BroadcastOperator,
  type DisconnectReason,
  type ExtendedError,
  type Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  type Socket,
} from "socket.io";

interface Hear {
  hello: (name: string, done?: (ok: boolean) => void) => void;
  "basic emit": (a: number, b: string, c: Buffer) => void;
}
interface Say {
  noArg: () => void;
  welcome: (text: string) => void;
  withAck: (text: string, done: (answer: number) => void) => void;
}
interface Data {
  user: { id: string; roles: string[] };
  visits: number;
}
type AppServer = Server<Hear, Say, Record<string, never>, Data>;
type AppSocket = Socket<Hear, Say, Record<string, never>, Data>;

const http = createServer();
const options: Partial<ServerOptions> = { cors: { origin: "*" } };
const io: AppServer = new Server(http, options);
const plain: Server = new Server();

function onConnection(socket: AppSocket): void {
  socket.data.user = { id: "1", roles: [] };
  socket.data.visits = (socket.data.visits ?? 0) + 1;
  socket.emit("welcome", `hello ${socket.id}`);
  socket.on("hello", (name, done) => done?.(name.length > 0));
  socket.on("disconnect", (reason: DisconnectReason) => void reason);
  socket.on("error", (error: Error) => void error);
}
io.on("connection", onConnection);
io.on("connection", (socket) => {
  const token: unknown = socket.handshake.auth.token;
  const { query, headers, address, secure, xdomain, issued, time, url } = socket.handshake;
  const cookie: string | undefined = headers.cookie;
  const room = query.room;
  void [token, cookie, room, address, secure, xdomain, issued, time, url];
});

io.use((socket: AppSocket, next: (err?: ExtendedError) => void) => {
  if (socket.handshake.auth.token) next();
  else next(new Error("unauthorized"));
});
io.use(async (socket, next) => {
  await socket.join("everybody");
  next();
});
io.engine.use((request: IncomingMessage, _response: unknown, next: () => void) => {
  void request.headers;
  next();
});
io.engine.on("initial_headers", (headers: Record<string, string>, request: IncomingMessage) => {
  headers["x-first"] = String(request.method);
});
io.engine.on("headers", (headers: Record<string, string>) => {
  headers["x-every"] = "1";
});
io.engine.on("connection_error", (error: any) => void error.code);
io.engine.generateId = (request: IncomingMessage) => String(request.url);
const connections: number = io.engine.clientsCount;

plain.on("connection", async (socket: Socket) => {
  socket.use(([event, ...args], next) => {
    if (event === "forbidden") next(new Error(String(args.length)));
    else next();
  });
  socket.onAny((event: string, ...args: any[]) => void [event, args]);
  socket.onAnyOutgoing((event, ...args) => void [event, args]);
  void socket.join("a");
  await socket.join(["b", "c"]);
  await socket.leave("a");
  for (const room of socket.rooms) void room.length;
  socket.to("a").emit("x", 1);
  socket.to(["a", "b"]).except("c").volatile.emit("x");
  socket.broadcast.emit("x", { any: "thing" });
  socket.local.emit("x");
  socket.timeout(1000).emit("ask", (error: Error, answer: string) => void [error, answer]);
  const answer = await socket.timeout(1000).emitWithAck("ask", 1);
  void answer.anything;
  const session = (socket.request as any).session;
  const ip = socket.request.socket.remoteAddress ?? socket.conn.remoteAddress;
  socket.conn.on("upgrade", (transport) => void transport.name);
  socket.conn.on("packet", ({ type, data }) => void [type, data]);
  socket.conn.on("close", (reason) => void reason);
  socket.conn.once("drain", () => {});
  const transport: string = socket.conn.transport.name;
  const nsp: string = socket.nsp.name;
  socket.nsp.emit("x");
  const { connected, disconnected, recovered } = socket;
  socket.listeners("x").length;
  socket.removeAllListeners("x").off("y", () => {});
  socket.prependAny(() => {}).offAny();
  socket.disconnect(true);
  socket.client.request.headers.host;
  void [session, ip, transport, nsp, connected, disconnected, recovered];
});

const namespace: Namespace = plain.of("/admin");
namespace.use((_socket, next) => next());
namespace.on("connection", (socket) => void socket.id);
const size: number | undefined = namespace.adapter.rooms.get("a")?.size;
const rooms: Set<string> | undefined = namespace.adapter.sids.get("id") as Set<string> | undefined;
namespace.adapter.on("create-room", (room: string) => void room);
namespace.adapter.on("join-room", (room: string, id: string) => void [room, id]);
const one = plain.sockets.sockets.get("id");
const all: number = plain.of("/").sockets.size;
plain.of(/^\/dynamic-\d+$/).on("connection", (socket) => void socket.nsp.name.length);
plain.of((name, _auth, next) => next(null, name !== "/closed"));

async function everybody(): Promise<void> {
  const sockets: RemoteSocket<Say, Data>[] = await io.in("a").fetchSockets();
  for (const socket of sockets) {
    const { id, handshake, rooms: joined, data } = socket;
    void [id, handshake.address, joined.size, data.user.id];
    socket.emit("noArg");
    socket.join("b");
    socket.leave("b");
    socket.disconnect();
  }
  const answers: number[] = await io.timeout(1000).emitWithAck("withAck", "x");
  const operator: BroadcastOperator<any, any> = plain.to("a").except("b");
  operator.emit("x");
  io.socketsJoin("a");
  io.in("a").socketsLeave("a");
  io.disconnectSockets();
  io.serverSideEmit;
  await io.close();
  void answers;
}
io.listen(3000);
http.listen(3000);
void [connections, size, rooms, one, all, everybody];
