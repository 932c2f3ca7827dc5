// A consumer's program, compiled by several compilers against the installed packages: every entry is imported and used.

import io, {
  connect,
  Manager,
  type ManagerOptions,
  type Socket,
  type SocketOptions,
} from "@sockeye/client";
import { io as debugIo } from "@sockeye/client/debug";
import scriptIo from "@sockeye/client/dist/socket.io.js";
import minifiedIo from "@sockeye/client/dist/socket.io.min.js";
import msgpackIo from "@sockeye/client/dist/socket.io.msgpack.min.js";
import { Socket as EngineSocket, protocol } from "@sockeye/client/engine";
import { msgpackCodec } from "@sockeye/client/msgpack";
import { io as smallIo } from "@sockeye/client/websocket";
import { WebTransport } from "@sockeye/client/webtransport";
import { Server as FetchServer } from "@sockeye/fetch";
import { Server } from "@sockeye/node";
import { Server as EngineServer } from "@sockeye/node/engine";

interface FromServer {
  news: (text: string, at: number) => void;
}
interface ToServer {
  ask: (question: string, answer: (value: number) => void) => void;
}

const options: Partial<ManagerOptions & SocketOptions> = {
  auth: { token: "t" },
  autoConnect: false,
};
const socket: Socket<FromServer, ToServer> = io("http://127.0.0.1:9", options);
socket.on("news", (text, at) => {
  const length: number = text.length + at;
  void length;
});
// @ts-expect-error There is no such event.
socket.emit("nothing");
export const answer: Promise<number> = socket.timeout(10).emitWithAck("ask", "?");
export const state: string = socket.status.state;

const manager: Manager = new Manager("http://127.0.0.1:9", {
  transports: [WebTransport, "websocket"],
});
manager.on("reconnect", (attempt) => attempt.toFixed());
export const sockets: readonly unknown[] = [
  manager.socket("/"),
  connect("http://127.0.0.1:9", { parser: msgpackCodec(), autoConnect: false }),
  debugIo({ autoConnect: false }),
  smallIo("http://127.0.0.1:9", { autoConnect: false }),
  scriptIo("http://127.0.0.1:9", { autoConnect: false }),
  minifiedIo("http://127.0.0.1:9", { autoConnect: false }),
  msgpackIo("http://127.0.0.1:9", { autoConnect: false }),
];

const session = new EngineSocket("http://127.0.0.1:9");
session.on("open", () => session.send("x"));
export const revision: number = protocol;

export const server: Server<ToServer, FromServer> = new Server();
server.on("connection", (each) => {
  each.on("ask", (_question, reply) => reply(1));
  each.emit("news", "text", 1);
});
export const engine: EngineServer = new EngineServer();

// A second host in the same program, and classes and values whose types the compiler writes into declarations.
export const elsewhere = new FetchServer<ToServer, FromServer>({ path: "/elsewhere" });
elsewhere.on("connection", (each) => {
  const request: Request | undefined = each.request.raw;
  each.emit("news", request?.url ?? "", 1);
});
export const inferred = new Server<ToServer, FromServer>(0, { cors: true });
export class Chat<
  Events extends { [event: string]: (...args: never[]) => void },
> extends Server<Events> {
  readonly topic: string = "";
}
