// A server without maps of events: any name, any arguments.
// biome-ignore-all lint/suspicious/noExplicitAny: what stands in for undeclared types is what is compared.

import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type DefaultEventsMap, Server, type Socket } from "socket.io";
import { type Equal, type IsAny, is } from "./equal.js";

declare enum Names {
  Hello = "hello",
}

const io = new Server(createServer(), { cors: { origin: "*", methods: ["GET", "POST"] } });
void [new Server(), new Server(3000), new Server(createSecureServer())];

is<Equal<typeof io, Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any>>>();
io.on("connection", (socket) => {
  is<Equal<typeof socket, Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any>>>();
  is<IsAny<typeof socket.data>>();
  socket.on("whatever", (one, two) => {
    is<IsAny<typeof one>>();
    is<IsAny<typeof two>>();
  });
  socket.on(Names.Hello, async (name: string) => void name);
  socket.on("disconnecting", (reason, description) => {
    is<Equal<typeof reason extends string ? true : false, true>>();
    void description;
  });
  socket.emit("whatever", 1, { two: 2 }, () => {});
  socket.broadcast.emit("x", 1);
  socket.to(["a", "b"]).except("c").emit("x");
  socket.volatile.emit("x");
  socket.compress(true).emit("x");
  socket.timeout(100).emit("x", (error: Error) => void error);
  socket.send("x");
  const joined: void | Promise<void> = socket.join(["a", "b"]);
  const left: void | Promise<void> = socket.leave("a");
  const rooms: Set<string> = socket.rooms;
  const { auth, headers, query, url, secure, time, issued, address, xdomain } = socket.handshake;
  void [joined, left, rooms, auth, headers, query, url, secure, time, issued, address, xdomain];
  socket.onAny((name, ...args) => void [name, args]);
  socket.disconnect(true);
});
io.on("connect", (socket) => void socket.id);
io.on("new_namespace", (namespace) => void namespace.name);
io.emit("whatever", 1, 2);
io.to("room").in("other").except("third").local.volatile.compress(false).emit("x", 1);
io.send("x");
io.write("x");
io.of("/chat").emit("x");
io.of(/^\/dynamic-\d+$/).on("connection", (socket) => void socket.nsp.name);
io.of((name, auth, next) => next(null, Boolean(name && auth)));
io.serverSideEmit("x", 1);
io.engine.on("connection_error", (error: { code: number; message: string }) => void error);
io.engine.use((_request: unknown, _response: unknown, next: () => void) => next());
io.engine.generateId = () => "id";
const closed: void | Promise<void> = io.close();
void closed;
io.socketsJoin("a");
io.in("a").socketsLeave(["b"]);
io.in("a").disconnectSockets(true);
void io.fetchSockets().then(([first]) => first?.emit("x"));

// @ts-expect-error the listener is missing
io.on("connection");
// @ts-expect-error a name is a text
io.emit(1);
