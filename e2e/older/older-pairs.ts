// Our server with the clients of earlier versions, and our client with an earlier server. What they have in
// common is less than today's types say, so they are held through the little that all of them have.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { within } from "../kit/deadline.ts";
import { optionsFor, type TransportMode } from "../kit/transport-modes.ts";

type Listener = (...args: never[]) => void;

/** A client's socket, from version 2 to today. */
export interface OlderClient {
  readonly id: string;
  readonly connected: boolean;
  readonly io: {
    readonly engine: {
      readonly transport: { readonly name: string };
      once(event: string, listener: () => void): void;
      close(): void;
    };
  };
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

/** A socket of a server, from version 4.0 to today. */
export interface OlderSocket {
  readonly id: string;
  readonly handshake: { readonly auth: unknown };
  readonly broadcast: { emit(event: string, ...args: unknown[]): unknown };
  on(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  join(room: string): unknown;
  disconnect(): unknown;
}

interface OlderNamespace {
  use(middleware: (socket: OlderSocket, next: (error?: Error) => void) => void): unknown;
  on(event: "connection", listener: (socket: OlderSocket) => void): unknown;
  once(event: "connection", listener: (socket: OlderSocket) => void): unknown;
  to(room: string): { emit(event: string, ...args: unknown[]): unknown };
  emit(event: string, ...args: unknown[]): unknown;
}

/** A server, from version 4.0 to today. */
export interface OlderServer extends OlderNamespace {
  of(name: string): OlderNamespace;
  close(): unknown;
}

type Open = (url: string, options: object) => OlderClient;
type ServerClass = new (http: unknown, options: object) => OlderServer;

/** A server and a client of which one is of an earlier version. */
export interface OlderPair {
  /** As it stands in the matrix. */
  readonly name: string;
  /** The client has a query for each namespace instead of `auth`, and hears of refusals as `error`. */
  readonly isVersion2: boolean;
  load(): Promise<{ readonly Server: ServerClass; readonly open: Open }>;
}

const require = createRequire(import.meta.url);

async function sockeyeServer(): Promise<ServerClass> {
  const { Server } = await import("@sockeye/node");
  return Server as unknown as ServerClass;
}

function withOurServer(version: string, module: string): OlderPair {
  return {
    name: `sockeye × socket.io-client ${version}`,
    isVersion2: version.startsWith("2."),
    load: async () => ({ Server: await sockeyeServer(), open: require(module) as Open }),
  };
}

/** Every such pair. */
export const olderPairs: readonly OlderPair[] = [
  withOurServer("2.5", "socket.io-client-2"),
  withOurServer("3.1", "socket.io-client-3"),
  withOurServer("4.0", "socket.io-client-4.0"),
  {
    name: "socket.io 4.0 × sockeye client",
    isVersion2: false,
    async load() {
      const { io } = await import("@sockeye/client");
      const { Server } = require("socket.io-4.0") as { readonly Server: ServerClass };
      return { Server, open: io as unknown as Open };
    },
  },
];

/** The arguments of the next event of that name. */
// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is whatever the scenario sent.
export function next(from: unknown, name: string): Promise<any[]> {
  const source = from as { once(name: string, listener: (...args: unknown[]) => void): unknown };
  return within(
    new Promise((resolve) => source.once(name, (...args) => resolve(args))),
    `"${name}"`,
  );
}

/** A running server of a pair, and the pair's clients. */
export class OlderBench implements AsyncDisposable {
  readonly io: OlderServer;
  readonly pair: OlderPair;
  readonly #open: Open;
  readonly #mode: TransportMode;
  readonly #http: ReturnType<typeof createServer>;
  readonly #clients: OlderClient[] = [];

  private constructor(
    pair: OlderPair,
    mode: TransportMode,
    parts: { Server: ServerClass; open: Open },
  ) {
    this.pair = pair;
    this.#mode = mode;
    this.#open = parts.open;
    this.#http = createServer();
    this.io = new parts.Server(this.#http, { allowEIO3: true });
  }

  static async start(pair: OlderPair, mode: TransportMode): Promise<OlderBench> {
    const bench = new OlderBench(pair, mode, await pair.load());
    await new Promise<void>((resolve) => bench.#http.listen(0, "127.0.0.1", resolve));
    return bench;
  }

  /** A client on a connection of its own, which begins to connect. */
  client(nsp = "", words: object = {}): OlderClient {
    const { port } = this.#http.address() as AddressInfo;
    const client = this.#open(`http://127.0.0.1:${port}${nsp}`, {
      ...optionsFor(this.#mode),
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 30,
      ...(this.pair.isVersion2 ? { query: words } : { auth: words }),
    });
    this.#clients.push(client);
    return client;
  }

  /** A client in the main namespace and its socket, settled on their transport. */
  async connect(): Promise<{ readonly client: OlderClient; readonly socket: OlderSocket }> {
    const joined = next(this.io, "connection");
    const client = this.client();
    await next(client, "connect");
    const { engine } = client.io;
    if (this.#mode === "upgrade" && engine.transport.name !== "websocket") {
      await next(engine, "upgrade");
    }
    const [socket] = (await joined) as [OlderSocket];
    return { client, socket };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    this.io.close();
    this.#http.closeAllConnections();
  }
}
