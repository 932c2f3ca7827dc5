// The clients of the grid, each behind the little that all of them can do. Those that run on Node are held by what
// versions since 2 have in common; those of Python live in one process of their own.

import { createRequire } from "node:module";
import { within } from "../kit/deadline.ts";
import { Inbox } from "../kit/inbox.ts";
import { optionsFor, type TransportMode } from "../kit/transport-modes.ts";
import { PythonClient } from "../python/python-client.ts";
import { pythonPath } from "../python/python-path.ts";
import { PythonProgram } from "../python/python-program.ts";

/** A client in one namespace. Its inbox has its events, and `connect`, `disconnect`, `refused`. */
export interface GridClient extends AsyncDisposable {
  readonly inbox: Inbox;
  /** Begins to connect, and resolves when it has, settled on its transport; also when it is refused. */
  connect(auth?: { readonly [name: string]: string }): Promise<void>;
  id(): Promise<unknown>;
  emit(event: string, ...args: unknown[]): Promise<void> | void;
  /** Emits `ask`, and resolves to what it is acknowledged with. */
  ask(...args: unknown[]): Promise<unknown[]>;
  disconnect(): Promise<void> | void;
}

/** Where a client goes. */
interface Destination {
  readonly port: number;
  readonly mode: TransportMode;
  readonly namespace?: string;
}

/** One implementation in one version. */
export interface GridClientKind {
  /** As it stands in the table. */
  readonly name: string;
  /** Whether `npm test` has it, too. */
  readonly isShort?: true;
  /** Why it cannot be tried here. */
  readonly missing?: string;
  /** What it does not do, as `mode: feature`, with the reason: such tests are excluded on every host, and counted. */
  readonly excludes?: Readonly<Record<string, string>>;
  make(destination: Destination): Promise<GridClient>;
  /** Ends what its clients had in common. */
  end?(): Promise<void>;
}

type Listener = (...args: never[]) => void;

interface JavaScriptSocket {
  readonly id: string;
  readonly io: {
    readonly engine: {
      readonly transport: { readonly name: string };
      once(event: string, listener: () => void): void;
    };
    reconnection(value: boolean): unknown;
  };
  on(event: string, listener: Listener): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

type Open = (url: string, options: object) => JavaScriptSocket;

const EVENTS = ["down", "x", "n", "auth"];

class JavaScriptClient implements GridClient {
  readonly inbox: Inbox;
  readonly #open: Open;
  readonly #isVersion2: boolean;
  readonly #destination: Destination;
  #socket: JavaScriptSocket | undefined;

  constructor(open: Open, isVersion2: boolean, destination: Destination) {
    this.#open = open;
    this.#isVersion2 = isVersion2;
    this.#destination = destination;
    this.inbox = new Inbox("the client");
  }

  async connect(auth = {}): Promise<void> {
    const { mode, namespace = "", port } = this.#destination;
    const socket = this.#open(`http://127.0.0.1:${port}${namespace}`, {
      ...optionsFor(mode),
      ...{ forceNew: true, autoConnect: false, reconnectionDelay: 20, randomizationFactor: 0 },
      ...(this.#isVersion2 ? { query: auth } : { auth }),
    });
    this.#socket = socket;
    for (const name of [...EVENTS, "disconnect"])
      socket.on(name, (...args: never[]) => this.inbox.push(name, ...args));
    socket.on("ask", (...args: unknown[]) => (args.pop() as Listener)(...(args as never[])));
    const settled = new Promise<void>((resolve) => {
      socket.on("connect", () => {
        this.inbox.push("connect");
        const { engine } = socket.io;
        if (mode !== "upgrade" || engine.transport.name === "websocket") resolve();
        else engine.once("upgrade", resolve);
      });
      socket.on(this.#isVersion2 ? "error" : "connect_error", (error: Error | string) => {
        this.inbox.push("refused", typeof error === "string" ? error : error.message);
        resolve();
      });
    });
    socket.connect();
    await within(settled, "the client to settle");
  }

  get #connected(): JavaScriptSocket {
    if (this.#socket === undefined) throw new Error("the client has not been connected");
    return this.#socket;
  }

  async id(): Promise<unknown> {
    return this.#connected.id;
  }

  emit(event: string, ...args: unknown[]): void {
    this.#connected.emit(event, ...args);
  }

  ask(...args: unknown[]): Promise<unknown[]> {
    const answer = new Promise<unknown[]>((resolve) =>
      this.#connected.emit("ask", ...args, (...values: unknown[]) => resolve(values)),
    );
    return within(answer, "an acknowledgement");
  }

  disconnect(): void {
    this.#connected.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.io.reconnection(false);
    this.#socket?.disconnect();
  }
}

class ClientInPython implements GridClient {
  readonly inbox: Inbox;
  readonly #client: PythonClient;
  readonly #destination: Destination;

  constructor(program: PythonProgram, destination: Destination) {
    this.#destination = destination;
    const { namespace = "/" } = destination;
    this.#client = new PythonClient(program, program.newName(), namespace);
    this.inbox = this.#client.inbox;
  }

  async connect(auth = {}): Promise<void> {
    const { mode, namespace = "/", port } = this.#destination;
    const plan = { namespaces: [namespace], auth, reconnects: true, waits: false };
    await this.#client.connect(`http://127.0.0.1:${port}`, mode, plan);
    const refused = this.inbox.take("connect_error").then(([reason]) => {
      const { message = reason } = Object(reason) as { message?: unknown };
      this.inbox.push("refused", message);
    });
    const connected = this.inbox.take("connect").then(() => this.inbox.push("connect"));
    await Promise.any([refused, connected]);
  }

  async id(): Promise<unknown> {
    return (await this.#client.describe()).id;
  }

  emit(event: string, ...args: unknown[]): Promise<void> {
    return this.#client.emit(event, ...args);
  }

  ask(...args: unknown[]): Promise<unknown[]> {
    return this.#client.call("ask", ...args);
  }

  disconnect(): Promise<void> {
    return this.#client.disconnect();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.disconnect();
  }
}

const require = createRequire(import.meta.url);

function stock(version: string, module: string): GridClientKind {
  const isVersion2 = version.startsWith("2.");
  return {
    name: `socket.io-client ${version}`,
    ...(version === "2.5" || version === "4.8" ? { isShort: true } : {}),
    make: async (destination) =>
      new JavaScriptClient(require(module) as Open, isVersion2, destination),
  };
}

/** The name of Python's client. */
export const PYTHON = "python-socketio";

function python(): GridClientKind {
  let program: PythonProgram | undefined;
  return {
    name: PYTHON,
    ...(pythonPath === undefined ? { missing: "python-socketio is not installed" } : {}),
    excludes: {
      "polling: reconnect":
        "python-socketio takes the end of a connection that it is told by polling for its own wish",
    },
    async make(destination) {
      program ??= new PythonProgram("client.py");
      return new ClientInPython(program, destination);
    },
    async end() {
      await program?.kill();
    },
  };
}

/** Every client, in the order of the table. */
export const gridClients: readonly GridClientKind[] = [
  stock("2.5", "socket.io-client-2"),
  stock("3.1", "socket.io-client-3"),
  stock("4.0", "socket.io-client-4.0"),
  stock("4.8", "socket.io-client"),
  python(),
  {
    name: "sockeye",
    isShort: true,
    async make(destination) {
      const { io } = await import("@sockeye/client");
      return new JavaScriptClient(io as unknown as Open, false, destination);
    },
  },
];
