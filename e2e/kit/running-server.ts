// A server inside the test process, on a port of its own, whose sockets are recorded from the moment
// they connect. Disposing of it closes every connection it still has.
import { createServer, type Server as NodeHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server, ServerOptions, Socket } from "socket.io";
import { within } from "./deadline.ts";
import { Inbox } from "./inbox.ts";
import { type StartedServerName, serverKinds } from "./server-kinds.ts";

/** One socket on the server's side, and everything that has reached it. */
export interface Peer {
  readonly socket: Socket;
  readonly inbox: Inbox;
}

/** A listening server; `nextPeer` gives its sockets in the order they connected. */
export class RunningServer implements AsyncDisposable {
  readonly io: Server;
  readonly port: number;
  readonly #http: NodeHttpServer;
  readonly #peers = new Inbox("the server");

  constructor(io: Server, http: NodeHttpServer) {
    this.io = io;
    this.#http = http;
    this.port = (http.address() as AddressInfo).port;
  }

  /** The address clients are given; append a namespace to it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Records the sockets of a namespace; `/` is recorded without asking. */
  record(namespace: string | RegExp): void {
    this.io.of(namespace).on("connection", (socket) => {
      this.#peers.push(socket.nsp.name, recordPeer(socket));
    });
  }

  /** The next socket of a namespace not yet given out. */
  async nextPeer(namespace = "/"): Promise<Peer> {
    const [peer] = await this.#peers.take(namespace);
    return peer as Peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.io.close();
    this.#http.closeAllConnections();
    await within(Promise.resolve(closed), "the server to close");
  }
}

/** Starts a server of that name on a free port of the loopback address. */
export async function startServer(
  name: StartedServerName,
  options: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  const http = createServer((_request, response) => response.writeHead(404).end("not here"));
  const io = await serverKinds[name].create(http, options);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const server = new RunningServer(io, http);
  server.record("/");
  return server;
}

function recordPeer(socket: Socket): Peer {
  const inbox = new Inbox(`socket ${socket.nsp.name} of the server`);
  socket.onAny((name, ...args) => inbox.push(String(name), ...args));
  socket.on("disconnecting", (reason) => inbox.push("disconnecting", reason, [...socket.rooms]));
  socket.on("disconnect", (reason) => inbox.push("disconnect", reason));
  socket.on("error", (error) => inbox.push("error", error));
  return { socket, inbox };
}
