// The worker's part of sticky sessions: takes connections that the primary process hands over.

import cluster from "node:cluster";
import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import {
  type HandedOver,
  idOfWorker,
  sticky,
  type Taken,
  unsticky,
  type WorkerReport,
} from "./sticky.ts";

/** The part of a server that is used; Socket.IO's has it as well. */
export interface StickyServer {
  readonly httpServer?: unknown;
  readonly engine: {
    readonly clientsCount: number;
    // biome-ignore lint/suspicious/noExplicitAny: the request has the type of the server's host.
    generateId(request: any): PromiseLike<string> | string;
    on(event: "connection", listener: (connection: Connection) => void): unknown;
  };
}

interface Connection {
  once(event: "close", listener: () => void): unknown;
}

/** Sends a message to the primary process. */
function say(message: Taken | WorkerReport): void {
  if (process.connected) process.send?.(sticky(message), undefined, undefined, () => {});
}

/**
 * In a worker of `node:cluster`: takes the connections that the primary process hands over. The HTTP server of `io` must
 * not listen; the primary does. Ids of sessions end in the worker's from now on.
 * @param io a server with an HTTP server
 * @throws Error where this is no worker of `node:cluster`, or `io` has no HTTP server
 * @example
 * const io = new Server(createServer(), { adapter: createAdapter() });
 * setupWorker(io);
 */
export function setupWorker(io: StickyServer): void {
  const { worker } = cluster;
  if (worker === undefined) throw new Error("setupWorker() is for workers of node:cluster");
  const http = io.httpServer as HttpServer | undefined;
  if (typeof http?.emit !== "function") throw new Error("setupWorker() needs an HTTP server");
  const { engine } = io;
  const makeId = engine.generateId;
  engine.generateId = async (request: unknown) =>
    idOfWorker(await makeId.call(engine, request), worker.id);
  const handed = new WeakSet<Socket>();
  // The next request of this connection may be of a session of another worker.
  http.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    if (handed.has(request.socket)) response.shouldKeepAlive = false;
  });
  process.on("message", (message: unknown, socket: unknown) => {
    const { number, read } = unsticky<HandedOver>(message) ?? {};
    if (typeof read !== "string") return;
    if (typeof number === "number") say({ taken: number });
    // The client may be gone already.
    if (!(socket instanceof Socket)) return;
    handed.add(socket);
    socket.unshift(Buffer.from(read, "latin1"));
    http.emit("connection", socket);
    socket.resume();
  });
  let isDue = false;
  const report = (): void => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      say({ clients: engine.clientsCount });
    });
  };
  engine.on("connection", (connection) => {
    report();
    connection.once("close", report);
  });
  report();
}
