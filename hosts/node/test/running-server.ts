// A server on a free port of the loopback address, with real clients that begin to record at birth.
// With CONTROL=socket.io in the environment the real Socket.IO takes the place of ours: that is how
// these tests were compared with it. With WS_ENGINE=ws our server has `ws` serve its WebSockets.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server, ServerOptions } from "socket.io";
import {
  type ManagerOptions,
  io as openClient,
  type Socket,
  type SocketOptions,
} from "socket.io-client";
import { WebSocketServer } from "ws";

/** Whether the real Socket.IO is being tested. */
export const isControl: boolean = process.env["CONTROL"] === "socket.io";

const wsEngine = process.env["WS_ENGINE"] === "ws" ? { wsEngine: WebSocketServer } : {};

/** The server's options; ours has some more. */
export type Options = Partial<ServerOptions> & Readonly<Record<string, unknown>>;

/** What may be given to a client. */
export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

type ServerClass = new (source?: unknown, options?: Options) => Server;

/** The class under test, seen through Socket.IO's own type. */
export const ServerUnderTest: ServerClass = isControl
  ? ((await import("socket.io")).Server as unknown as ServerClass)
  : ((await import("../src/index.ts")).Server as unknown as ServerClass);

/** A listening server and the clients that were connected to it. */
export class RunningServer implements AsyncDisposable {
  readonly io: Server;
  readonly http: HttpServer;
  readonly #clients: Socket[] = [];

  constructor(io: Server, http: HttpServer) {
    this.io = io;
    this.http = http;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A client with a connection of its own; `nsp` begins with a slash or is empty. */
  client(nsp = "", options: ClientOptions = {}): Socket {
    const client = openClient(this.url + nsp, { forceNew: true, reconnection: false, ...options });
    this.#clients.push(client);
    return client;
  }

  /** A client over WebSocket from the start. */
  fast(nsp = "", options: ClientOptions = {}): Socket {
    return this.client(nsp, { transports: ["websocket"], ...options });
  }

  /** Resolves with the next socket that joins. */
  joined(nsp = "/"): Promise<ServerSocket> {
    return new Promise((resolve) => this.io.of(nsp).once("connection", resolve));
  }

  /** A client over WebSocket and its socket on the server, both connected. */
  async pair(
    nsp = "",
    options: ClientOptions = {},
  ): Promise<{ client: Socket; socket: ServerSocket }> {
    const joined = this.joined(nsp === "" ? "/" : nsp);
    const client = this.fast(nsp, options);
    const connected = event(client, "connect");
    const socket = await joined;
    await connected;
    return { client, socket };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    const closed = this.io.close();
    this.http.closeAllConnections?.();
    await closed;
  }
}

/** A socket on the server. */
export type ServerSocket = Parameters<Parameters<Server["use"]>[0]>[0];

/** Starts a server that has an HTTP server made for it. */
export async function startServer(options: Options = {}): Promise<RunningServer> {
  const http = createServer();
  const io = new ServerUnderTest(http, { ...wsEngine, ...options });
  await listen(http);
  return new RunningServer(io, http);
}

/** Makes an HTTP server listen on a free port. */
export async function listen(http: HttpServer, port = 0): Promise<number> {
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return (http.address() as AddressInfo).port;
}

/** What listeners can be added to. */
interface Listening {
  once(event: string, listener: (...args: unknown[]) => void): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** Resolves with the arguments of the next event of that name. */
// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is whatever the test sent.
export function event(from: unknown, name: string): Promise<any[]> {
  return new Promise((resolve) => (from as Listening).once(name, (...args) => resolve(args)));
}

/** Records the arguments of every event of that name from now on. */
export function record(from: unknown, name: string): unknown[][] {
  const seen: unknown[][] = [];
  (from as Listening).on(name, (...args) => seen.push(args));
  return seen;
}

/** Resolves when everything that was sent to this client before has reached it. */
export async function settled(socket: ServerSocket): Promise<void> {
  await socket.timeout(5000).emitWithAck("fence");
}

/** Makes a client answer `settled`. */
export function answerFences(client: Socket): Socket {
  return client.on("fence", (answer: () => void) => answer());
}
