// Clients of python-socketio, one handle per namespace of each.
import type { Inbox } from "../kit/inbox.ts";
import type { TransportMode } from "../kit/transport-modes.ts";
import type { PythonProgram } from "./python-program.ts";

/** How a Python client is to be made. */
export interface PythonClientPlan {
  /** Default: the main one alone. */
  readonly namespaces?: readonly string[];
  readonly auth?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether connecting fails unless every namespace is joined, within a second. Default: yes. */
  readonly waits?: boolean;
  /** Default: no. */
  readonly reconnects?: boolean;
}

/** What a Python client says of itself. */
export interface PythonClientState {
  readonly connected: boolean;
  /** Null before the first connection. */
  readonly transport: "polling" | "websocket" | null;
  /** Null when the namespace is not joined. */
  readonly id: string | null;
}

/** One namespace of a Python client. */
export class PythonClient implements AsyncDisposable {
  readonly inbox: Inbox;
  readonly #program: PythonProgram;
  readonly #place: { readonly name: string; readonly namespace: string };

  constructor(program: PythonProgram, name: string, namespace = "/") {
    this.#program = program;
    this.#place = { name, namespace };
    this.inbox = program.inbox(`${name} ${namespace}`);
  }

  /** Connects it. Rejects as Python's `connect` does. */
  async connect(url: string, mode: TransportMode, plan: PythonClientPlan = {}): Promise<void> {
    const { namespaces = ["/"], auth, headers, waits = true, reconnects = false } = plan;
    await this.#program.order("connect", {
      name: this.#place.name,
      url,
      namespaces,
      options: {
        reconnection: reconnects,
        reconnection_delay: 0.05,
        reconnection_delay_max: 0.1,
        randomization_factor: 0,
      },
      connecting: {
        // Its default is to poll first and then to try a WebSocket.
        ...(mode === "upgrade" ? {} : { transports: [mode] }),
        ...(auth === undefined ? {} : { auth }),
        ...(headers === undefined ? {} : { headers }),
        wait: waits,
      },
    });
  }

  /** The same client in another of its namespaces. */
  in(namespace: string): PythonClient {
    return new PythonClient(this.#program, this.#place.name, namespace);
  }

  /** Emits an event. */
  async emit(event: string, ...args: unknown[]): Promise<void> {
    await this.#program.order("emit", { ...this.#place, event, args });
  }

  /** Emits an event and returns what it is acknowledged with. */
  async call(event: string, ...args: unknown[]): Promise<unknown[]> {
    return (await this.#program.order("call", { ...this.#place, event, args })) as unknown[];
  }

  /** Asks for its state. */
  async describe(): Promise<PythonClientState> {
    return (await this.#program.order("describe", this.#place)) as PythonClientState;
  }

  /** Leaves every namespace and closes the connection. */
  async disconnect(): Promise<void> {
    await this.#program.order("disconnect", { name: this.#place.name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }
}
