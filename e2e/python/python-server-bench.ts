// What the scenarios with a Python server are given: Python servers and clients of the pair.
// The clients are closed when the scenario ends; the servers live as long as their program.
import type { Socket } from "socket.io-client";
import { expect } from "vitest";
import type { ClientName, ClientOptions } from "../kit/client-kinds.ts";
import { type RecordedClient, recordClient, startClient } from "../kit/recorded-client.ts";
import { settledTransport, type TransportMode } from "../kit/transport-modes.ts";
import { answers, type Couple, type CoupleBench, type NodeEnd, type Tuning } from "./couple.ts";
import { PythonProgram } from "./python-program.ts";
import { type PythonPeer, PythonServer, type PythonServerOptions } from "./python-server.ts";

/** A client and its socket on the Python server. */
export interface PythonGuest extends Couple {
  readonly node: NodeEnd & RecordedClient;
  readonly python: PythonPeer;
}

/** A Python server that can be killed. */
export interface MortalServer {
  readonly server: PythonServer;
  readonly program: PythonProgram;
}

/** Makes the parties of one scenario. */
export class PythonServerBench implements CoupleBench, AsyncDisposable {
  readonly mode: TransportMode;
  readonly #clientName: ClientName;
  readonly #program: PythonProgram;
  readonly #kept: (AsyncDisposable | Disposable)[] = [];

  constructor(clientName: ClientName, mode: TransportMode, program: PythonProgram) {
    this.#clientName = clientName;
    this.mode = mode;
    this.#program = program;
  }

  get longestUp(): number {
    // Of a request's body Python's server takes what has arrived when it looks, and no more.
    return this.mode === "polling" ? 20_000 : 1_000_000;
  }

  /** Starts a Python server. */
  async server(options: PythonServerOptions = {}): Promise<PythonServer> {
    return await PythonServer.start(this.#program, options);
  }

  /** Starts a Python server in a process of its own. */
  async mortalServer(port = 0, options: PythonServerOptions = {}): Promise<MortalServer> {
    const program = this.#keep(new PythonProgram("server.py"));
    return { program, server: await PythonServer.start(program, options, port) };
  }

  /** Starts a client of the pair, which does not come back by itself, and waits for nothing. */
  async client(url: string, options: ClientOptions = {}): Promise<RecordedClient> {
    return this.#keep(
      await startClient(url, {
        client: this.#clientName,
        mode: this.mode,
        options: {
          reconnection: false,
          reconnectionDelay: 50,
          reconnectionDelayMax: 100,
          ...options,
        },
        prepare: (socket) => answers({ socket }),
      }),
    );
  }

  /** Opens a further namespace on the connection of a client. */
  alongside(
    client: RecordedClient,
    namespace: string,
    options: ClientOptions = {},
  ): RecordedClient {
    const socket: Socket = client.socket.io.socket(namespace, options);
    const recorded = this.#keep(recordClient(socket, namespace));
    answers({ socket });
    socket.connect();
    return recorded;
  }

  /** Connects a client, and proves that both sides have it carried as the mode says. */
  async connect(server: PythonServer, options: ClientOptions = {}): Promise<PythonGuest> {
    const node = await this.client(server.url, options);
    await node.ready(this.mode);
    const python = await server.nextPeer();
    const wanted = settledTransport(this.mode);
    expect(node.socket.io.engine.transport.name).toBe(wanted);
    // An upgraded client's first event tells Python's server that the upgrade is over.
    await python.call("ask");
    expect(await server.transport(python)).toBe(wanted);
    return { node, python };
  }

  async couple(tuning: Tuning = {}): Promise<PythonGuest> {
    const { pingInterval, pingTimeout, maxHttpBufferSize } = tuning;
    const server = await this.server({
      ...(pingInterval === undefined ? {} : { ping_interval: pingInterval / 1000 }),
      ...(pingTimeout === undefined ? {} : { ping_timeout: pingTimeout / 1000 }),
      ...(maxHttpBufferSize === undefined ? {} : { max_http_buffer_size: maxHttpBufferSize }),
    });
    return await this.connect(server);
  }

  #keep<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.#kept.push(resource);
    return resource;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#kept.reverse()) {
      if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
      else resource[Symbol.dispose]();
    }
  }
}
