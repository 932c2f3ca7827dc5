// A client as applications write it: what the documentation of Socket.IO shows, in TypeScript.
// biome-ignore-all lint/suspicious/noExplicitAny: applications write it so.

import {
  io,
  Manager,
  type ManagerOptions,
  type Socket,
  type SocketOptions,
} from "socket.io-client";

interface Hear {
  welcome: (text: string) => void;
  ask: (question: string, answer: (text: string) => void) => void;
}
interface Say {
  hello: (name: string) => void;
  save: (value: { id: number }, done: (result: { ok: boolean }) => void) => void;
}
type AppSocket = Socket<Hear, Say>;

const common: Partial<ManagerOptions & SocketOptions> = {
  auth: { token: "secret" },
  transports: ["websocket", "polling"],
  reconnectionDelayMax: 10_000,
  query: { x: 42 },
};
const socket: AppSocket = io("https://example.com", common);
const untyped = io();
const fromFunction: Socket = io({ auth: (cb) => cb({ token: localToken() }), ackTimeout: 10_000 });
declare function localToken(): string;

class Store {
  socket: AppSocket | null = null;
  other?: Socket;
  connect(): void {
    this.socket = io("/", { autoConnect: false });
    this.socket.connect();
    this.other = io("/other");
  }
  close(): void {
    this.socket?.off("welcome").disconnect();
    this.other?.close();
    this.socket = null;
  }
}

socket.on("connect", () => {
  const id: string | undefined = socket.id;
  const engine = socket.io.engine;
  const name: string = engine.transport.name;
  engine.once("upgrade", () => void engine.transport.name);
  engine.on("packet", ({ type, data }) => void [type, data]);
  engine.on("packetCreate", ({ type, data }) => void [type, data]);
  engine.on("drain", () => {});
  engine.on("close", (reason) => void reason);
  void [id, name];
});
socket.on("connect_error", (error) => {
  if (error.message === "unauthorized") {
    socket.auth = { token: "other" };
    socket.connect();
  }
  const code: unknown = error.data?.code;
  void code;
});
socket.on("disconnect", (reason, details) => {
  if (reason === "io server disconnect") socket.connect();
  if (details) {
    const message = "message" in details ? details.message : details.description;
    void message;
  }
});
socket.on("ask", (question, answer) => answer(question));
socket.io.on("reconnect", (attempt) => void attempt.toFixed());
socket.io.on("reconnect_attempt", (attempt) => void attempt.toFixed());
socket.io.on("error", (error) => void error.message);
socket.io.on("ping", () => {});
socket.io.opts.query = { x: 43 };
socket.io.opts.transports = ["polling", "websocket"];
socket.io.reconnectionAttempts(5).timeout(1000);

async function save(): Promise<boolean> {
  const { ok } = await socket.timeout(1000).emitWithAck("save", { id: 1 });
  socket.emit("save", { id: 2 }, (result) => void result.ok);
  socket.timeout(5).emit("save", { id: 3 }, (error, result) => void [error, result]);
  socket.volatile.emit("hello", "x");
  socket.compress(false).emit("hello", "y");
  const answer = await untyped.emitWithAck("anything", 1, "two");
  void answer.whatever;
  return ok;
}
untyped.onAny((event, ...args) => void [event, args]);
untyped.prependAnyOutgoing((event, ...args) => void [event, args]);
untyped.listenersAny().length;
untyped.listeners("x").length;
untyped.hasListeners("x");
untyped.removeAllListeners();
untyped.sendBuffer = [];

const manager = new Manager("https://example.com", { reconnectionDelayMax: 10_000 });
const main = manager.socket("/");
const admin: Socket = manager.socket("/admin", { auth: { token: "x" } });
manager.on("reconnect_failed", () => {});
manager.open((error) => void error?.message);
type Emitted = Parameters<AppSocket["emit"]>;
type Made = ReturnType<typeof io>;
const made: Made = main;
const emitted: Emitted | undefined = undefined;
const connected: boolean = socket.connected || socket.active || socket.recovered;
void [admin, made, emitted, connected, fromFunction, save, new Store()];
