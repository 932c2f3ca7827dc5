// What the scenarios with a Python client are given: a server of the pair and Python clients for it.
// Everything made here is closed when the scenario ends.
import type { ServerOptions } from "socket.io";
import { expect } from "vitest";
import { type ChildServer, type ChildServerPlan, startChildServer } from "../kit/child-server.ts";
import { type Peer, type RunningServer, startServer } from "../kit/running-server.ts";
import type { ServerName } from "../kit/server-kinds.ts";
import { settledTransport, type TransportMode } from "../kit/transport-modes.ts";
import { answers, type Couple, type CoupleBench, type NodeEnd, type Tuning } from "./couple.ts";
import { PythonClient, type PythonClientPlan } from "./python-client.ts";
import type { PythonProgram } from "./python-program.ts";

/** A Python client and its socket on the server. */
export interface PythonVisitor extends Couple {
  readonly python: PythonClient;
  readonly node: NodeEnd & Peer;
}

/** Makes the parties of one scenario. */
export class PythonClientBench implements CoupleBench, AsyncDisposable {
  readonly mode: TransportMode;
  readonly longestUp = 1_000_000;
  readonly #serverName: ServerName;
  readonly #program: PythonProgram;
  readonly #kept: AsyncDisposable[] = [];

  constructor(serverName: ServerName, mode: TransportMode, program: PythonProgram) {
    this.#serverName = serverName;
    this.mode = mode;
    this.#program = program;
  }

  /** Starts a server of the pair. */
  async server(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
    return this.#keep(await startServer(this.#serverName, options));
  }

  /** Starts a server of the pair in a process of its own. */
  async childServer(plan: ChildServerPlan = {}): Promise<ChildServer> {
    return this.#keep(await startChildServer(this.#serverName, plan));
  }

  /** A Python client that has not connected yet. */
  client(): PythonClient {
    return this.#keep(new PythonClient(this.#program, this.#program.newName()));
  }

  /** Connects a Python client, and proves that it is carried as the mode says. */
  async connect(server: RunningServer, plan: PythonClientPlan = {}): Promise<PythonVisitor> {
    const python = this.client();
    await python.connect(server.url, this.mode, plan);
    const node = await server.nextPeer();
    const wanted = settledTransport(this.mode);
    expect(node.socket.conn.transport.name).toBe(wanted);
    // The handshake is of the transport that came first.
    expect(node.socket.handshake.query.transport).toBe(
      this.mode === "upgrade" ? "polling" : wanted,
    );
    answers(node);
    return { node, python };
  }

  async couple(tuning: Tuning = {}): Promise<PythonVisitor> {
    return await this.connect(await this.server({ ...tuning }));
  }

  /** Stops the process of the clients while something is done. */
  async whileFrozen(work: () => Promise<void>): Promise<void> {
    this.#program.signal("SIGSTOP");
    try {
      await work();
    } finally {
      this.#program.signal("SIGCONT");
    }
  }

  #keep<T extends AsyncDisposable>(resource: T): T {
    this.#kept.push(resource);
    return resource;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#kept.reverse()) await resource[Symbol.asyncDispose]();
  }
}
