// The server, portable: namespaces, and the way from engine connections to them.
// A host extends it with what only a platform can do: listening, serving files, options of its own.

import {
  Adapter,
  type AdapterContract,
  type AdapterNamespace,
  RecoveryBudget,
  type Room,
  SessionAwareAdapter,
  type SocketId,
} from "@sockeye/adapter";
import {
  type Connection,
  Engine,
  type EngineHooks,
  type EngineOptions,
  type Framer,
} from "@sockeye/engine";
import type { EventKey, Listener } from "@sockeye/events";
import { type Clock, Deadlines, IdGenerator, type Milliseconds } from "@sockeye/portable";
import type { Codec, CustomEncoder } from "@sockeye/protocol";
import type { BroadcastOperator } from "./broadcast-operator.ts";
import { Decoders } from "./decoders.ts";
import { ForeignConnection, type ForeignEngine } from "./foreign-connection.ts";
import type { Auth } from "./handshake.ts";
import type { Middleware } from "./middleware.ts";
import { Namespace } from "./namespace.ts";
import { Namespaces } from "./namespaces.ts";
import type { AdapterFactory, CoreOptions, RecoveryOptions } from "./options.ts";
import { owningCodec } from "./owning-codec.ts";
import type { NamespaceMatcher } from "./parent-namespace.ts";
import { Peer, type PeerConnection } from "./peer.ts";
import type { RemoteSocket } from "./remote-socket.ts";
import type { Socket } from "./socket.ts";
import { UserCode } from "./user-code.ts";

/** What a host brings. */
export interface ServerPlatform {
  readonly clock: Clock;
  /** Calls back when what was sent in this turn of the event loop has been written. Default: after a moment. */
  afterTurn?(callback: () => void): void;
  /** A clock whose waiting alone keeps no process alive, for what is kept after connections. Default: `clock`. */
  readonly idleClock?: Clock;
  readonly framer: Framer;
  /** Makes an error uncaught, outside the current stack. */
  surface(error: unknown): void;
  /** Shows the operator a text. */
  warn(text: string): void;
}

function isClass(
  factory: AdapterFactory,
): factory is new (
  nsp: AdapterNamespace<Socket>,
) => AdapterContract {
  return typeof factory.prototype === "object" && factory.prototype !== null;
}

/** Namespaces and what runs through them. Emitter methods and broadcasts go to the main namespace. */
export class Server {
  /** The main namespace, `/`. */
  readonly sockets: Namespace;
  /** The options, with their defaults. */
  readonly opts: Readonly<CoreOptions>;
  readonly codec: Codec;
  readonly decoders: Decoders;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly startedAt: Milliseconds;
  readonly deadlines: Deadlines;
  readonly userCode: UserCode;
  /** How sockets may come back, if they may. */
  readonly recovery: RecoveryOptions | undefined;
  readonly #platform: ServerPlatform;
  readonly #namespaces: Namespaces;
  readonly #engines: Engine[] = [];
  readonly #ids = new IdGenerator();
  readonly #bound: ForeignEngine[] = [];
  #makeAdapter: AdapterFactory;
  #connectTimeout: number;
  #isShutDown = false;
  #isCodecBlamed = false;

  constructor(options: CoreOptions, platform: ServerPlatform) {
    this.opts = options;
    this.codec = owningCodec(options.parser);
    this.decoders = new Decoders(this.codec);
    this.clock = platform.clock;
    this.startedAt = platform.clock.wallTime();
    this.deadlines = new Deadlines(platform.clock);
    this.userCode = new UserCode(options.onListenerError, (error) => platform.surface(error));
    this.#platform = platform;
    this.recovery = options.connectionStateRecovery;
    this.#makeAdapter = options.adapter ?? this.#defaultAdapter(options.connectionStateRecovery);
    this.#connectTimeout = options.connectTimeout;
    this.#namespaces = new Namespaces({
      cleansUp: options.cleanupEmptyChildNamespaces,
      create: (name) => new Namespace(this, name),
      onPatternError: (error) => platform.surface(error),
      onCreated: (nsp) => {
        void nsp.adapter.init();
        if (nsp.name !== "/") this.sockets.raise("new_namespace", [nsp]);
      },
    });
    this.sockets = this.of("/");
  }

  /** Encodes packets, for adapters that do it themselves. */
  get encoder(): CustomEncoder {
    return { encode: (packet) => [this.codec.encode(packet)].flat() };
  }

  /** Namespaces by name. */
  get namespaces(): ReadonlyMap<string, Namespace> {
    return this.#namespaces.byName;
  }

  /** The same as `namespaces`, under the name by which packages for Socket.IO reach it. */
  get _nsps(): ReadonlyMap<string, Namespace> {
    return this.namespaces;
  }

  /**
   * The namespace of this name, created when there is none yet; a missing leading slash is added.
   * Given a regular expression or a function: a pattern from which namespaces are created when peers ask for them.
   * `onConnection` is added to the listeners.
   */
  of(name: string | RegExp | NamespaceMatcher, onConnection?: (socket: Socket) => void): Namespace {
    const nsp =
      typeof name === "function" || name instanceof RegExp
        ? this.#namespaces.pattern(this, name)
        : this.#namespaces.named(String(name).replace(/^(?!\/)/, "/"));
    if (onConnection !== undefined) nsp.on("connect", onConnection);
    return nsp;
  }

  /** Finds the namespace that a peer wants to join; `found` is called once, now or later. */
  findNamespace(
    name: string,
    auth: Auth | null,
    found: (nsp: Namespace | undefined, auth: Auth | null) => void,
  ): void {
    this.#namespaces.find(name, auth, found);
  }

  /** The factory of adapters, or, given one, sets it and renews the adapters of existing namespaces. */
  adapter(): AdapterFactory;
  adapter(factory: AdapterFactory): this;
  adapter(factory?: AdapterFactory): this | AdapterFactory {
    if (factory === undefined) return this.#makeAdapter;
    this.#makeAdapter = factory;
    for (const nsp of this.namespaces.values()) nsp.renewAdapter();
    return this;
  }

  /** Milliseconds within which a peer must join a namespace; sets them when given. */
  connectTimeout(): number;
  connectTimeout(timeout: number): this;
  connectTimeout(timeout?: number): this | number {
    if (timeout === undefined) return this.#connectTimeout;
    this.#connectTimeout = timeout;
    return this;
  }

  makeAdapter(nsp: Namespace): AdapterContract<Socket> {
    const factory = this.#makeAdapter;
    const adapter: AdapterContract = isClass(factory) ? new factory(nsp) : factory(nsp);
    // The sockets that it finds are those of the namespace it was given.
    return adapter as AdapterContract<Socket>;
  }

  #defaultAdapter(recovery: RecoveryOptions | undefined): AdapterFactory {
    if (recovery === undefined) return Adapter<Socket>;
    const { maxBytes, maxDisconnectionDuration: maxAge, maxPackets, maxSessions } = recovery;
    const limits = { maxAge, maxBytes, maxPackets, maxSessions };
    const deadlines = new Deadlines(this.#platform.idleClock ?? this.clock);
    const budget = new RecoveryBudget(limits, deadlines, this.clock);
    return (nsp) => new SessionAwareAdapter(nsp, { budget, epoch: this.#ids.next().slice(0, 6) });
  }

  /** A session id; a different value than any socket's id, because it is secret. */
  makeSessionId(): string {
    return this.#ids.next();
  }

  makeSocketId(): SocketId {
    return this.#ids.next();
  }

  /** A codec threw something of its own. Told once: peers can make a parser throw as often as they like. */
  onCodecFailed({ message }: Error): void {
    if (!this.#isCodecBlamed) this.warn(`codec failed: ${message}`);
    this.#isCodecBlamed = true;
  }

  warn(text: string): void {
    this.#platform.warn(text);
  }

  /** Creates an engine whose connections become peers of this server; `onPeer` is told of each. */
  protected createEngine(
    options: EngineOptions,
    hooks: Omit<EngineHooks, "onConnection">,
    onPeer?: (peer: Peer, connection: Connection) => void,
  ): Engine {
    const platform = { ...this.#platform, deadlines: this.deadlines };
    const engine = new Engine(options, platform, {
      ...hooks,
      onConnection: (connection) => {
        const peer = this.admitPeer(connection);
        onPeer?.(peer, connection);
        return peer;
      },
    });
    this.#engines.push(engine);
    if (this.#isShutDown) {
      // Attached anew.
      this.#isShutDown = false;
      for (const nsp of this.namespaces.values()) void nsp.adapter.init();
    }
    return engine;
  }

  /** Takes the connections of an engine that is not ours: whatever raises `connection` with sockets of Engine.IO. */
  bind(engine: ForeignEngine): this {
    this.#bound.push(engine);
    engine.on("connection", (socket) => {
      const connection = new ForeignConnection(socket);
      connection.start(this.admitPeer(connection));
    });
    return this;
  }

  /** Makes a connection a peer of this server. */
  protected admitPeer(connection: PeerConnection): Peer {
    const peer = new Peer(connection, this);
    peer.start(this.#connectTimeout);
    return peer;
  }

  /** Tells every socket that the server is shutting down, closes the adapters, then cuts the connections. */
  protected async shutDown(): Promise<void> {
    this.#isShutDown = true;
    const closing = [...this.namespaces.values()].map(async ({ adapter, sockets }) => {
      for (const socket of [...sockets.values()]) socket.onDisconnected("server shutting down");
      await adapter.close();
    });
    for (const outcome of await Promise.allSettled(closing)) {
      // One adapter that fails shall not leave the others' connections open.
      if (outcome.status === "rejected") {
        this.warn(`an adapter could not be closed: ${String(outcome.reason)}`);
      }
    }
    for (const engine of this.#engines) engine.close();
    for (const engine of this.#bound) engine.close?.();
  }

  use(middleware: Middleware): this {
    this.sockets.use(middleware);
    return this;
  }

  on(event: EventKey, listener: Listener): this {
    this.sockets.on(event, listener);
    return this;
  }

  addListener(event: EventKey, listener: Listener): this {
    return this.on(event, listener);
  }

  once(event: EventKey, listener: Listener): this {
    this.sockets.once(event, listener);
    return this;
  }

  prependListener(event: EventKey, listener: Listener): this {
    this.sockets.prependListener(event, listener);
    return this;
  }

  prependOnceListener(event: EventKey, listener: Listener): this {
    this.sockets.prependOnceListener(event, listener);
    return this;
  }

  off(event?: EventKey, listener?: Listener): this {
    this.sockets.off(event, listener);
    return this;
  }

  removeListener(event?: EventKey, listener?: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventKey): this {
    this.sockets.removeAllListeners(event);
    return this;
  }

  listeners(event: EventKey): Listener[] {
    return this.sockets.listeners(event);
  }

  rawListeners(event: EventKey): Listener[] {
    return this.sockets.rawListeners(event);
  }

  listenerCount(event: EventKey): number {
    return this.sockets.listenerCount(event);
  }

  eventNames(): (string | symbol)[] {
    return this.sockets.eventNames();
  }

  setMaxListeners(count: number): this {
    this.sockets.setMaxListeners(count);
    return this;
  }

  getMaxListeners(): number {
    return this.sockets.getMaxListeners();
  }

  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.sockets.emit(event, ...args);
  }

  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.sockets.emitWithAck(event, ...args);
  }

  send(...args: unknown[]): this {
    this.sockets.send(...args);
    return this;
  }

  write(...args: unknown[]): this {
    return this.send(...args);
  }

  to(room: Room | Room[]): BroadcastOperator {
    return this.sockets.to(room);
  }

  in(room: Room | Room[]): BroadcastOperator {
    return this.sockets.in(room);
  }

  except(room: Room | Room[]): BroadcastOperator {
    return this.sockets.except(room);
  }

  compress(compress: boolean): BroadcastOperator {
    return this.sockets.compress(compress);
  }

  get volatile(): BroadcastOperator {
    return this.sockets.volatile;
  }

  get local(): BroadcastOperator {
    return this.sockets.local;
  }

  timeout(timeout: number): BroadcastOperator {
    return this.sockets.timeout(timeout);
  }

  fetchSockets(): Promise<(Socket | RemoteSocket)[]> {
    return this.sockets.fetchSockets();
  }

  allSockets(): Promise<Set<SocketId>> {
    return this.sockets.allSockets();
  }

  socketsJoin(room: Room | Room[]): void {
    this.sockets.socketsJoin(room);
  }

  socketsLeave(room: Room | Room[]): void {
    this.sockets.socketsLeave(room);
  }

  disconnectSockets(close = false): void {
    this.sockets.disconnectSockets(close);
  }

  serverSideEmit(event: EventKey, ...args: unknown[]): boolean {
    return this.sockets.serverSideEmit(event, ...args);
  }

  serverSideEmitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.sockets.serverSideEmitWithAck(event, ...args);
  }
}
