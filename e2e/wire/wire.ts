// What a row of the wire tables is given: a server, and the means to talk to it in bare HTTP and
// WebSocket. Speaks Engine.IO only as far as the tests of everything else need it.
import type { ServerOptions } from "socket.io";
import {
  begin,
  type Exchange,
  fetchRaw,
  type RawRequest,
  type RawResponse,
} from "../kit/raw-http.ts";
import { openWebSocket, type RawWebSocket } from "../kit/raw-websocket.ts";
import { type Peer, type RunningServer, startServer } from "../kit/running-server.ts";
import type { StartedServerName } from "../kit/server-kinds.ts";
import { PollingSession } from "./polling-session.ts";

/** Where the default server listens, up to the transport. */
export const BASE = "/socket.io/?EIO=4";

/** A WebSocket session joined to `/`. */
export interface WebSocketSession {
  readonly ws: RawWebSocket;
  readonly peer: Peer;
}

/** One server and everything opened to it. */
export class Wire implements AsyncDisposable {
  readonly server: RunningServer;
  readonly #opened: Disposable[] = [];

  constructor(server: RunningServer) {
    this.server = server;
  }

  /** Starts a server whose sockets answer "ask" with its arguments. */
  static async open(name: StartedServerName, options: Partial<ServerOptions> = {}): Promise<Wire> {
    const server = await startServer(name, options);
    server.io.on("connection", (socket) => {
      socket.on("ask", (...args) => {
        const reply: unknown = args.pop();
        if (typeof reply === "function") reply(...args);
      });
    });
    return new Wire(server);
  }

  get port(): number {
    return this.server.port;
  }

  /** Makes a request and waits for the answer. */
  fetch(plan: RawRequest): Promise<RawResponse> {
    return fetchRaw(this.port, plan);
  }

  /** Makes a request without waiting. */
  begin(plan: RawRequest): Exchange {
    const exchange = begin(this.port, plan);
    this.#opened.push({ [Symbol.dispose]: () => exchange.abort() });
    return exchange;
  }

  /** Opens a WebSocket without waiting. */
  websocket(
    path = `${BASE}&transport=websocket`,
    headers: Record<string, string> = {},
  ): RawWebSocket {
    const ws = openWebSocket(this.port, path, headers);
    this.#opened.push(ws);
    return ws;
  }

  /** A fresh session by polling, not joined to anything. */
  async handshake(): Promise<PollingSession> {
    const { text } = await this.fetch({ path: `${BASE}&transport=polling` });
    const { sid } = JSON.parse(text.slice(1)) as { sid: string };
    return new PollingSession(this, sid);
  }

  /** A session by polling, joined to `/`. */
  async polling(): Promise<PollingSession> {
    const session = await this.handshake();
    await session.join();
    return session;
  }

  /** A session by WebSocket, joined to `/`. */
  async joinedWebSocket(): Promise<WebSocketSession> {
    const ws = this.websocket();
    await ws.text();
    ws.send("40");
    // A busy machine may be late, and a ping come first.
    while (!(await ws.text()).startsWith("40")) ws.send("3");
    return { ws, peer: await this.server.nextPeer() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#opened) one[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
