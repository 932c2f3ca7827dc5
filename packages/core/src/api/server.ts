// The server as applications see it. A facade over `members/runtime.ts`. A host extends it with what needs a platform:
// listening, serving files, options of its own.

import {
  Adapter,
  type AdapterContract,
  type AdapterNamespace,
  RecoveryBudget,
  SessionAwareAdapter,
} from "@sockeye/adapter";
import { type EventKey, Listeners } from "@sockeye/events";
import { Deadlines } from "@sockeye/portable";
import type { CustomEncoder } from "@sockeye/protocol";
import type { ServerDiagnostics } from "../base/diagnostics.ts";
import type { AdapterFactory, CoreOptions, RecoveryOptions } from "../base/options.ts";
import { createServices, type ServerPlatform, type Services } from "../base/services.ts";
import { faceOf } from "../compat/connection-face.ts";
import {
  ForeignConnection,
  type ForeignEngine,
  type ForeignSocket,
} from "../compat/foreign-connection.ts";
import { type NamespaceMatcher, Namespaces } from "../members/namespaces.ts";
import { Runtime } from "../members/runtime.ts";
import { BroadcastApi } from "./broadcast-api.ts";
import { type Middleware, membershipOf, Namespace, type NamespaceContext } from "./namespace.ts";
import { ParentNamespace } from "./parent-namespace.ts";
import type { Socket } from "./socket.ts";

function isClass(
  factory: AdapterFactory,
): factory is new (
  nsp: AdapterNamespace<never>,
) => AdapterContract {
  return typeof factory.prototype === "object" && factory.prototype !== null;
}

/** Returns the runtime behind a server. For hosts. */
export let runtimeOf: (server: Server) => Runtime;

/**
 * Namespaces and what runs through them. Listeners and broadcasts are those of the main namespace.
 * @example const io = new Server(3000); io.on("connection", (socket) => socket.emit("hello"));
 */
export class Server extends BroadcastApi {
  /** The main namespace, `/`. */
  readonly sockets: Namespace;
  /** The options, with their defaults. */
  readonly opts: Readonly<CoreOptions>;
  readonly #services: Services;
  readonly #runtime: Runtime;
  readonly #namespaces: Namespaces<Namespace>;
  #makeAdapter: AdapterFactory;

  static {
    runtimeOf = (server) => server.#runtime;
  }

  constructor(options: CoreOptions, platform: ServerPlatform) {
    const listeners = new Listeners();
    super(listeners, () => this.sockets);
    const services = createServices(options, platform);
    this.opts = options;
    this.#services = services;
    this.#makeAdapter =
      options.adapter ?? defaultAdapter(options.connectionStateRecovery, services, platform);
    this.#namespaces = this.#createNamespaces(options.cleanupEmptyChildNamespaces, listeners);
    this.#runtime = new Runtime(
      { services, platform, connectTimeout: options.connectTimeout, slow: options },
      {
        find: (...asked) => this.#namespaces.find(...asked),
        patternOf: (name) => this.#namespaces.patternOf(name),
        again: (...asked) => this.#namespaces.again(...asked),
        memberships: () => [...this.#namespaces.byName.values()].map(membershipOf),
      },
    );
    this.sockets = this.of("/");
  }

  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. Socket.IO has none. See `docs/diagnostics.md`.
   * @example io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(socket.id));
   */
  get diagnostics(): ServerDiagnostics {
    const { deadlines, diagnostics: core, engineDiagnostics: engine } = this.#services;
    return { core, engine, deadlines: deadlines.points };
  }

  /** Encodes packets, for adapters that encode by themselves. */
  get encoder(): CustomEncoder {
    return { encode: (packet) => [this.#services.codec.encode(packet)].flat() };
  }

  /** The namespaces by name, as packages for Socket.IO reach them. */
  get _nsps(): ReadonlyMap<string, Namespace> {
    return this.#namespaces.byName;
  }

  /** The namespace of this name, created when there is none yet. */
  of(name: string | RegExp | NamespaceMatcher, onConnection?: (socket: Socket) => void): Namespace {
    const nsp =
      typeof name === "function" || name instanceof RegExp
        ? this.#namespaces.pattern(name)
        : this.#namespaces.named(String(name).replace(/^(?!\/)/, "/"));
    if (onConnection !== undefined) nsp.on("connect", onConnection);
    return nsp;
  }

  /** The factory of adapters; given one, sets it and makes the adapters of existing namespaces anew. */
  adapter(): AdapterFactory;
  adapter(factory: AdapterFactory): this;
  adapter(factory?: AdapterFactory): this | AdapterFactory {
    if (factory === undefined) return this.#makeAdapter;
    this.#makeAdapter = factory;
    for (const nsp of this.#namespaces.byName.values()) {
      membershipOf(nsp).useAdapter(this.#adapterOf(nsp));
    }
    return this;
  }

  /** How long a client may take to join its first namespace, in milliseconds; sets it when given. Default 45,000. */
  connectTimeout(): number;
  connectTimeout(timeout: number): this;
  connectTimeout(timeout?: number): this | number {
    if (timeout === undefined) return this.#runtime.connectTimeout;
    this.#runtime.connectTimeout = timeout;
    return this;
  }

  /** Accepts the connections of another engine: any object that raises `connection` with Engine.IO sockets. */
  bind(engine: ForeignEngine): this {
    this.#runtime.closeWithServer(engine);
    engine.on("connection", (socket) => this.onconnection(socket));
    return this;
  }

  /** Accepts one connection of another engine. */
  onconnection(socket: ForeignSocket): this {
    const connection = new ForeignConnection(socket);
    connection.start(this.#runtime.admit(connection));
    return this;
  }

  /** Adds a middleware to the main namespace, run for every client that wants to join it. */
  use(middleware: Middleware): this {
    this.sockets.use(middleware);
    return this;
  }

  /** Sends an event to the other servers of the cluster. */
  serverSideEmit(event: EventKey, ...args: unknown[]): boolean {
    return this.sockets.serverSideEmit(event, ...args);
  }

  /** Sends an event to the other servers of the cluster and resolves with one answer each. */
  serverSideEmitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.sockets.serverSideEmitWithAck(event, ...args);
  }

  #createNamespaces(cleansUp: boolean, listeners: Listeners): Namespaces<Namespace> {
    const services = this.#services;
    const context: NamespaceContext = {
      server: this,
      services,
      connOf: ({ connection }) => connection.faceFrom((own) => faceOf(own, services.userCode)),
    };
    return new Namespaces<Namespace>({
      services,
      cleansUp,
      inside: membershipOf,
      create: (name) => {
        const nsp = new Namespace(name, context, name === "/" ? listeners : new Listeners());
        membershipOf(nsp).useAdapter(this.#adapterOf(nsp));
        return nsp;
      },
      createParent: (name, children) => new ParentNamespace(name, context, children),
      onCreated: (nsp) =>
        nsp.name === "/" ? null : membershipOf(this.sockets).attempt("new_namespace", [nsp]),
    });
  }

  #adapterOf(nsp: Namespace): AdapterContract {
    const factory = this.#makeAdapter;
    // A factory may declare the type of sockets that it expects; it receives those of the namespace.
    const given = nsp as AdapterNamespace as AdapterNamespace<never>;
    return isClass(factory) ? new factory(given) : factory(given);
  }
}

// As in Socket.IO, listening on the server is listening on its main namespace, and returns that. A package that replaces
// these methods of the namespace hears of listeners of the server, too.
const LISTENING = [
  ...["on", "addListener", "once", "prependListener", "prependOnceListener"],
  ...["off", "removeListener", "removeAllListeners", "setMaxListeners", "getMaxListeners"],
] as const;
for (const name of LISTENING) {
  const value = function onMainNamespace(this: Server, ...args: unknown[]): unknown {
    const { sockets } = this;
    return Reflect.apply(sockets[name as "on"], sockets, args);
  };
  Object.defineProperty(Server.prototype, name, { value, configurable: true, writable: true });
}

/** The adapter in memory, with recovery if that is on. */
function defaultAdapter(
  recovery: RecoveryOptions | undefined,
  services: Services,
  platform: ServerPlatform,
): AdapterFactory {
  if (recovery === undefined) return Adapter;
  const { maxBytes, maxDisconnectionDuration: maxAge, maxPackets, maxSessions } = recovery;
  const limits = { maxAge, maxBytes, maxPackets, maxSessions };
  const onFailed = (error: unknown): void => platform.surface(error);
  const deadlines = new Deadlines(platform.idleClock ?? services.clock, { onFailed });
  const budget = new RecoveryBudget(limits, deadlines, services.clock);
  const { limitReached } = services.diagnostics;
  budget.onLimit = (name) => {
    if (!limitReached.active) return;
    const limit = `connectionStateRecovery.${name}` as const;
    limitReached.publish({ limit, value: limits[name], nsp: null });
  };
  return (nsp) => {
    const store = platform.recoveryStore?.(nsp.name, limits);
    const epoch = services.makeSessionId().slice(0, 6);
    return new SessionAwareAdapter(nsp, { budget, epoch, store });
  };
}
