// An engine on a free port of the loopback address, without Socket.IO above it. With CONTROL=socket.io in the
// environment the package `engine.io` takes the place of ours: that is how these tests were compared with it.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AttachOptions, Server, ServerOptions, Socket } from "engine.io";
import type { ClientOptions, WebSocket } from "ws";
import { event, isControl, listen } from "./running-server.ts";
import { type Answer, ask, WirePeer } from "./wire.ts";

type EngineModule = typeof import("engine.io");

/** The module under test, seen through engine.io's own types. */
export const engineModule: EngineModule = isControl
  ? await import("engine.io")
  : ((await import("../src/engine/index.ts")) as unknown as EngineModule);

/** What may be given to an engine and to its attachment. */
export type EngineOptions = AttachOptions & ServerOptions & Readonly<Record<string, unknown>>;

/** Where handshakes of polling go. */
export const POLLING = "/engine.io/?EIO=4&transport=polling";
/** Where handshakes of WebSockets go. */
export const WEBSOCKET = "/engine.io/?EIO=4&transport=websocket";

/** An engine on a listening HTTP server. */
export class RunningEngine implements AsyncDisposable {
  readonly engine: Server;
  readonly http: HttpServer;
  readonly #peers: WebSocket[] = [];

  constructor(engine: Server, http: HttpServer) {
    this.engine = engine;
    this.http = http;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** Resolves with the next connection. */
  async connected(): Promise<Socket> {
    return (await event(this.engine, "connection"))[0] as Socket;
  }

  ask(path: string, options?: Parameters<typeof ask>[2]): Promise<Answer> {
    return ask(this.port, path, options);
  }

  /** A connection over WebSocket, from both sides; the peer has read its handshake. */
  async overWebSocket(
    path: string = WEBSOCKET,
    options: ClientOptions = {},
  ): Promise<{ conn: Socket; peer: WirePeer }> {
    const connected = this.connected();
    const peer = await WirePeer.open(this.port, path, options);
    this.#peers.push(peer.ws);
    return { peer, conn: await connected };
  }

  /** A connection over polling, from both sides. */
  async overPolling(path: string = POLLING): Promise<{ conn: Socket; peer: EnginePoller }> {
    const connected = this.connected();
    const { text } = await this.ask(path);
    const { sid } = JSON.parse(text.slice(1)) as { sid: string };
    return { conn: await connected, peer: new EnginePoller(this, `${path}&sid=${sid}`) };
  }

  /** A WebSocket that offers itself to a connection over polling. */
  async candidate(sid: string): Promise<WirePeer> {
    const peer = new WirePeer(this.port, `${WEBSOCKET}&sid=${sid}`);
    this.#peers.push(peer.ws);
    await event(peer.ws, "open");
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) peer.terminate();
    this.engine.close();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** A connection over polling, request by request. */
export class EnginePoller {
  readonly path: string;
  readonly #running: RunningEngine;

  constructor(running: RunningEngine, path: string) {
    this.#running = running;
    this.path = path;
  }

  poll(): Promise<Answer> {
    return this.#running.ask(this.path);
  }

  /** A poll that the server holds by the time this resolves. */
  async heldPoll(): Promise<{ answer: Promise<Answer> }> {
    const arrived = event(this.#running.http, "request");
    const answer = this.poll();
    await arrived;
    return { answer };
  }

  post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#running.ask(this.path, { method: "POST", body, headers });
  }
}

/** Starts an engine that is attached to an HTTP server. */
export async function startEngine(options: EngineOptions = {}): Promise<RunningEngine> {
  const http = createServer((_request, response) => response.writeHead(418).end("not the engine"));
  const engine = engineModule.attach(http, options);
  await listen(http);
  return new RunningEngine(engine, http);
}

/** Events of several names, in the order in which they were raised: the name, and what `show` makes of the arguments. */
export function journal(
  sources: Readonly<Record<string, { on(event: never, listener: never): unknown }>>,
  names: readonly string[],
  show: (name: string, args: readonly unknown[]) => string = () => "",
): string[] {
  const lines: string[] = [];
  for (const [label, source] of Object.entries(sources)) {
    for (const name of names) {
      const listener = (...args: unknown[]): void =>
        void lines.push(`${label} ${name} ${show(name, args)}`.trim());
      (source as { on(name: string, listener: unknown): unknown }).on(name, listener);
    }
  }
  return lines;
}
