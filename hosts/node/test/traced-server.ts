// A server that does what peers ask of it and writes down everything that it is told, with names in the place of
// ids: what two servers wrote down can be compared.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Namespace, Server, Socket } from "socket.io";
import { listen } from "./running-server.ts";

/** Makes a server on an HTTP server. */
export type MakeServer = (http: HttpServer) => Server;

/** What the server itself does, without being asked by a peer. */
export const serverActs = {
  emit: (nsp) => nsp.emit("all", 1),
  to: (nsp) => nsp.to("r1").emit("r1"),
  except: (nsp) => nsp.except("r1").emit("not r1"),
  union: (nsp) => nsp.to(["r1", "r2"]).emit("r1 or r2"),
  volatile: (nsp) => nsp.volatile.emit("v"),
  local: (nsp) => nsp.local.emit("l"),
  join: (nsp) => nsp.socketsJoin("r2"),
  leave: (nsp) => nsp.socketsLeave("r2"),
  joinFromRoom: (nsp) => nsp.in("r1").socketsJoin("r3"),
  disconnect: (nsp) => nsp.in("r1").disconnectSockets(),
  cut: (nsp) => nsp.disconnectSockets(true),
} satisfies Readonly<Record<string, (nsp: Namespace) => unknown>>;

/** Bytes, errors and functions as words. */
export function plain(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "function") return "function";
    if (part instanceof Error) return part.message;
    const { type, data } = (part ?? {}) as { type?: unknown; data?: unknown };
    return type === "Buffer" ? Buffer.from(data as number[]).toString("hex") : part;
  });
}

/** The middleware of every namespace: the token says what it does. */
function decide(socket: Socket, next: (error?: Error) => void): void {
  const { token } = socket.handshake.auth as { token?: string };
  if (token === "no") next(Object.assign(new Error("refused"), { data: { code: 1 } }));
  else if (token === "slow") setImmediate(next);
  else {
    if (token === "early") {
      socket.emit("early", 1);
      void socket.join("early");
    }
    next();
  }
}

/** A server and its journal. */
export class TracedServer implements AsyncDisposable {
  readonly io: Server;
  readonly lines: string[] = [];
  readonly #http: HttpServer;
  readonly #names = new Map<string, string>();

  constructor(make: MakeServer) {
    this.#http = createServer();
    this.io = make(this.#http);
    const dynamic = this.io.of(/^\/d\d$/);
    for (const nsp of [this.io.sockets, this.io.of("/a"), dynamic]) this.#trace(nsp);
    this.io.on("new_namespace", (nsp) => this.tell("new_namespace", nsp.name));
  }

  async listen(): Promise<number> {
    await listen(this.#http);
    return (this.#http.address() as AddressInfo).port;
  }

  tell(...words: readonly unknown[]): void {
    this.lines.push(words.map(String).join(" "));
  }

  /** The name of a socket, or of any other room. */
  named(room: string): string {
    return this.#names.get(room) ?? (room.length === 20 ? "a new id" : room);
  }

  /** What the server is in. */
  async describe(nsp: Namespace): Promise<unknown> {
    const sockets = await nsp.fetchSockets();
    return {
      rooms: sockets.map(({ id, rooms }) => [this.named(id), this.#roomsOf(rooms)]),
      ids: [...(await nsp.allSockets())].map((id) => this.named(id)),
      sizes: [nsp.sockets.size, nsp.adapter.rooms.size, nsp.adapter.sids.size],
      connections: this.io.engine.clientsCount,
      namespaces: [...this.io._nsps.keys()],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.io.close();
    this.#http.closeAllConnections();
    await closed;
  }

  #roomsOf(rooms: ReadonlySet<string>): string[] {
    return [...rooms].map((room) => this.named(room));
  }

  #trace(nsp: Namespace): void {
    nsp.use(decide);
    nsp.on("connection", (socket) => this.#traceSocket(socket));
    for (const event of ["create-room", "delete-room", "join-room", "leave-room"]) {
      nsp.adapter.on(event, (room: string, id?: string) =>
        this.tell(event, nsp.name, this.named(room), id === undefined ? "" : this.named(id)),
      );
    }
  }

  #traceSocket(socket: Socket): void {
    const who = `${socket.nsp.name}#${socket.handshake.query["peer"]}`;
    this.#names.set(socket.id, who);
    const tell = (...words: readonly unknown[]): void => this.tell(who, ...words);
    const { auth } = socket.handshake;
    tell("connection", socket.connected, this.#roomsOf(socket.rooms), plain(auth));
    socket.onAny((...args) => tell("in", plain(args)));
    socket.onAnyOutgoing((...args) => tell("out", plain(args)));
    socket.use(([event], next) => {
      if (event === "blocked") next(new Error("blocked"));
      else if (event === "later") setImmediate(next);
      else next();
    });
    socket.on("error", (error: unknown) => tell("error", plain(error)));
    socket.on("disconnecting", (reason, details: unknown) =>
      tell("disconnecting", reason, plain(details ?? null), this.#roomsOf(socket.rooms)),
    );
    socket.on("disconnect", (reason, details: unknown) =>
      tell("disconnect", reason, plain(details ?? null), this.#roomsOf(socket.rooms)),
    );
    this.#obey(socket, tell);
  }

  #obey(socket: Socket, tell: (...words: readonly unknown[]) => void): void {
    type Answer = ((...args: unknown[]) => void) | undefined;
    const acts: Readonly<Record<string, (...args: never[]) => void>> = {
      join: (room: string | string[], answer: Answer) => {
        void socket.join(room);
        answer?.(socket.rooms.size);
      },
      leave: (room: string) => void socket.leave(room),
      tell: (room: string, text: string) => tell("emit gave", socket.to(room).emit("told", text)),
      others: (text: string) => socket.broadcast.emit("told", text),
      everyone: (text: string) => socket.nsp.emit("told", text),
      leaveMe: () => socket.disconnect(),
      leaveMeAlone: () => socket.disconnect(true),
      close: () => socket.conn.close(),
      ask: (x: string) =>
        socket.emit("asked", x, (...args: unknown[]) => tell("answer", plain(args))),
      askInTime: (x: string) =>
        socket.timeout(10_000).emit("asked", x, (error: Error | null, ...args: unknown[]) => {
          // At a disconnection ours answers at once, with an error.
          if (error === null) tell("answer in time", plain(args));
        }),
      bytes: (bytes: Buffer, answer: Answer) => {
        socket.emit("bytes", bytes, { inside: [bytes] });
        answer?.(bytes);
      },
      echo: (...args: unknown[]) => {
        const answer = args.pop();
        if (typeof answer !== "function") socket.emit("echo", ...args, answer);
        else for (const text of ["once", "twice"]) answer(...args, text);
      },
      volatile: (x: unknown) => void socket.volatile.emit("v", x),
      several: () => {
        for (const name of ["1", "2"]) socket.emit(name);
        socket.nsp.emit("3");
        socket.emit("4");
      },
      joinTooLate: () => {
        socket.disconnect();
        void socket.join("too late");
        tell("rooms", socket.rooms.size, socket.disconnected);
      },
      later: () => tell("later"),
      blocked: () => tell("never"),
      7: (x: unknown) => tell("seven", x),
    };
    for (const [name, act] of Object.entries(acts)) socket.on(name, act as () => void);
  }
}
