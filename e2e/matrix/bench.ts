// What a scenario of the matrix is given: one pair on one transport, from which it makes servers and
// clients. Everything made here is closed when the scenario ends, however it ends.
import type { ServerOptions } from "socket.io";
import type { ClientName, ClientOptions } from "../kit/client-kinds.ts";
import {
  type ClientPlan,
  type RecordedClient,
  recordClient,
  startClient,
} from "../kit/recorded-client.ts";
import { type Peer, type RunningServer, startServer } from "../kit/running-server.ts";
import type { ServerName } from "../kit/server-kinds.ts";
import type { TransportMode } from "../kit/transport-modes.ts";
import type { Feature, Pair } from "./cells.ts";

/** One thing a pair must do, on every transport named. */
export interface Scenario {
  readonly feature: Feature;
  readonly title: string;
  /** Absent: all three. */
  readonly modes?: readonly TransportMode[];
  run(bench: Bench): Promise<void>;
}

/** A client and its socket on the server. */
export interface Connected {
  readonly client: RecordedClient;
  readonly peer: Peer;
}

/** A server with some clients, all connected and settled on their transport. */
export interface Party {
  readonly server: RunningServer;
  readonly members: readonly Connected[];
}

/** A server with one client. */
export interface Couple extends Connected {
  readonly server: RunningServer;
}

/** Makes the parties of one scenario. */
export class Bench implements AsyncDisposable {
  readonly mode: TransportMode;
  readonly #pair: Pair;
  readonly #kept: (AsyncDisposable | Disposable)[] = [];

  constructor(pair: Pair, mode: TransportMode) {
    this.#pair = pair;
    this.mode = mode;
  }

  /** The server's name, for those that must start it elsewhere. */
  get serverName(): ServerName {
    return this.#pair.server;
  }

  /** The client's name, for those that must start it elsewhere. */
  get clientName(): ClientName {
    return this.#pair.client;
  }

  /** Hands over something to be closed at the end. */
  keep<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.#kept.push(resource);
    return resource;
  }

  /** Starts a server of the pair. */
  async server(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
    return this.keep(await startServer(this.#pair.server, options));
  }

  /** Starts a client of the pair, without waiting for anything. */
  async client(
    url: string,
    plan: Pick<ClientPlan, "options" | "prepare"> = {},
  ): Promise<RecordedClient> {
    return this.keep(
      await startClient(url, { client: this.#pair.client, mode: this.mode, ...plan }),
    );
  }

  /** Opens a further namespace on the connection of `client`. */
  alongside(
    client: RecordedClient,
    namespace: string,
    options: ClientOptions = {},
  ): RecordedClient {
    const socket = client.socket.io.socket(namespace, options);
    const recorded = this.keep(recordClient(socket, namespace));
    socket.connect();
    return recorded;
  }

  /** Starts a client, and waits until both sides have it connected and settled on its transport. */
  async connect(
    server: RunningServer,
    plan: Pick<ClientPlan, "options" | "prepare"> = {},
  ): Promise<Connected> {
    const client = await this.client(server.url, plan);
    await client.ready(this.mode);
    const peer = await server.nextPeer();
    return { client, peer };
  }

  /** Starts a server and connects one client to it. */
  async couple(options: Partial<ServerOptions> = {}): Promise<Couple> {
    const server = await this.server(options);
    return { server, ...(await this.connect(server)) };
  }

  /** Starts a server and connects that many clients to it, one after the other. */
  async party(count: number, options: Partial<ServerOptions> = {}): Promise<Party> {
    const server = await this.server(options);
    const members: Connected[] = [];
    while (members.length < count) members.push(await this.connect(server));
    return { server, members };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#kept.reverse()) {
      if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
      else resource[Symbol.dispose]();
    }
  }
}

/**
 * Proves that whatever the server sent before has arrived: a round trip through the server, which keeps
 * the order of what it sends to one client.
 */
export async function settle({ client, peer }: Connected): Promise<void> {
  const mark = Math.random();
  peer.socket.emit("mark", mark);
  let seen: unknown;
  while (seen !== mark) [seen] = await client.inbox.take("mark");
}
