// The engine as applications know it: `io.engine`, and on its own `new Server()` of a host's entry `engine`. Handles
// requests, raises events, and lists the connections. Does not know namespaces.

import {
  type ConnectionFace,
  type FlushListener,
  faceOf,
  registerOwner,
  type UserCode,
} from "@sockeye/core";
import {
  type Connection,
  type Engine,
  RefusalCode,
  type RequestHead,
  refusal,
  type WebTransportSession,
} from "@sockeye/engine";
import { Emitter, type EventKey, type Listener } from "@sockeye/events";
import { clientsView } from "./clients-view.ts";
import { corsFor } from "./cors.ts";
import type { EngineServerDiagnostics } from "./diagnostics.ts";
import { type EngineMiddleware, guardedMiddleware } from "./engine-middleware.ts";
import type { EngineOwner } from "./engine-owner.ts";
import { OriginGuard } from "./foreign-origin.ts";
import { Gateway } from "./gateway.ts";
import type { HostEngine } from "./host.ts";
import { Mount, type MountPlan } from "./mount.ts";
import type { ServerOptions } from "./options.ts";
import { type HandshakeScreen, type MakeId, raiseRefused, requestHooks } from "./request-hooks.ts";
import { SessionBindings } from "./session-bindings.ts";
import { headOfSession, type SessionRequest } from "./session-request.ts";
import { type MiddlewareWatch, watchedMiddleware } from "./watched-middleware.ts";

/** How an engine is attached. */
export interface AttachOptions {
  /** Path of all requests. Default `/engine.io`. */
  readonly path?: string;
  /** Whether the path ends in a slash. Default `true`. */
  readonly addTrailingSlash?: boolean;
}

/** What a mount is made of, but for what the transports decide. */
type UnplannedMount = Omit<MountPlan, "hasSessions" | "hasUpgrades">;

/** What a Socket.IO server uses of its engine, and applications do not see. */
export interface EngineInside {
  readonly host: HostEngine;
  readonly gateway: Gateway;
  /** Makes a mount for a server whose path may change, and which serves files. */
  mount(plan: UnplannedMount): Mount;
}

/** Returns the inside of an engine. */
export let insideOf: (engine: EngineServer) => EngineInside;

/**
 * An engine on a host. Raises `connection` with each connection, `connection_error` with
 * `{ req, code, message, context }` for each refused request, `initial_headers` and `headers` with
 * `(headers, request)`, `flush` with `(connection, packets)` and `drain` with the connection.
 */
export class EngineServer extends Emitter implements FlushListener {
  /** Codes of refused requests. */
  static readonly errors: typeof RefusalCode = RefusalCode;
  /** Messages of refused requests. */
  static readonly errorMessages: Readonly<Record<number, string>> = Object.fromEntries(
    Object.values(RefusalCode).map((code) => [code, refusal(code, {}).message]),
  );

  static {
    insideOf = (engine) => ({
      host: engine.#host,
      gateway: engine.#gateway,
      mount: (plan) => engine.#mount(plan),
    });
  }

  readonly #options: ServerOptions;
  readonly #userCode: UserCode;
  readonly #engine: Engine;
  readonly #gateway: Gateway;
  readonly #host: HostEngine;
  readonly #cors: EngineMiddleware | null;
  readonly #makeSessionId: () => string;
  readonly #watch: MiddlewareWatch;
  readonly #diagnostics: EngineServerDiagnostics;
  readonly #screens: HandshakeScreen[] = [];
  readonly #bindings: SessionBindings | null;
  #clients: Record<string, ConnectionFace> | null = null;

  constructor(owner: EngineOwner) {
    super();
    this.#options = owner.options;
    this.#userCode = owner.userCode;
    this.#diagnostics = owner.diagnostics;
    this.#makeSessionId = () => owner.makeSessionId();
    const { forwarder } = owner;
    const makeId: MakeId = (request) => {
      const id = this.#idFor(request);
      if (forwarder === null) return id;
      return typeof id === "string"
        ? forwarder.tagged(id)
        : Promise.resolve(id).then((made) => forwarder.tagged(made));
    };
    const origins = new OriginGuard({
      policy: owner.options.foreignOrigins,
      point: owner.points.foreignOrigin,
      warn: owner.warn,
    });
    const { options, userCode } = owner;
    const { bindSession } = options;
    this.#bindings = bindSession === undefined ? null : new SessionBindings(bindSession, userCode);
    const hookOwner = {
      ...{ events: this, makeId, origins, userCode },
      ...{ screens: this.#screens, bindings: this.#bindings },
    };
    this.#engine = owner.makeEngine(requestHooks(options, hookOwner), this);
    this.#gateway = new Gateway(this.#engine, owner.points, {
      onRefused: (refused, request) => raiseRefused(this, refused, request),
      close: () => this.close(),
      origins,
      forwarding: forwarder && {
        forwarder,
        limit: owner.options.maxHttpBufferSize,
        patience: owner.options.pingInterval + owner.options.pingTimeout,
      },
    });
    this.#host = owner.openHost(this.#gateway);
    this.#watch = { patience: owner.patience, point: owner.points.middlewareStalled };
    const { cors } = owner.options;
    this.#cors = cors === undefined ? null : corsFor(cors, owner.userCode);
    if (this.#cors !== null) this.#gateway.useOwn(this.#cors);
    registerOwner(this, owner.userCode);
  }

  /** The options, with their defaults; they cannot be changed. */
  get opts(): ServerOptions {
    return this.#options;
  }

  /** The diagnostics points, which engine.io does not have: those of the engine, its deadlines and this host. */
  get diagnostics(): EngineServerDiagnostics {
    return this.#diagnostics;
  }

  /** The connections by session id. */
  get clients(): Record<string, ConnectionFace> {
    this.#clients ??= clientsView(this.#engine.connections, this.#userCode);
    return this.#clients;
  }

  /** Number of open connections. */
  get clientsCount(): number {
    return this.#engine.connections.size;
  }

  /** The middleware for cross-origin requests, if configured. */
  get cors(): EngineMiddleware | null {
    return this.#cors;
  }

  /**
   * Generates a session id: 20 characters that cannot be guessed. Applications may replace it by a function of their
   * own, which may return a promise.
   */
  generateId(_request: unknown): string | PromiseLike<string> {
    return this.#makeSessionId();
  }

  /** The transports to which a connection over this one may upgrade. */
  upgrades(transport: string): string[] {
    const { allowUpgrades, transports } = this.#options;
    return allowUpgrades && transport === "polling"
      ? transports.filter((name) => name !== "polling")
      : [];
  }

  /** Adds a middleware in front of every request and WebSocket handshake. */
  use(middleware: EngineMiddleware): this {
    const watched = watchedMiddleware(middleware, this.#watch);
    this.#gateway.use(guardedMiddleware(watched, this.#userCode));
    return this;
  }

  /**
   * For packages: adds what looks at handshakes over every transport, and refuses with a text. It sees the request as the engine
   * does, so that no request of the platform's form has to be made or kept.
   */
  screen(screen: HandshakeScreen): this {
    this.#screens.push(screen);
    return this;
  }

  /** Handles a native HTTP request with any path; the arguments are those of the host. */
  handleRequest(...native: unknown[]): unknown {
    return this.#host.handleRequest?.(...native);
  }

  /** Handles a native WebSocket handshake with any path; the arguments are those of the host. */
  handleUpgrade(...native: unknown[]): unknown {
    return this.#host.handleUpgrade?.(...native);
  }

  /**
   * Accepts a WebTransport session of the runtime, or of a package that serves WebTransport. The transport must be on.
   * @param session any object of the form of the web's `WebTransport`
   * @param about what is known of the request that opened it; runtimes tell less than of other requests
   * @example for await (const session of h3.sessionStream("/socket.io/")) io.engine.onWebTransportSession(session);
   */
  onWebTransportSession(session: WebTransportSession, about: SessionRequest = {}): void {
    this.#gateway.onSession(session, headOfSession(session, about));
  }

  /** Handles the requests of something of the host for one path. */
  attach(source: unknown, options: AttachOptions = {}): void {
    this.#host.attach(source, this.#mount(this.#ownPlan(options)));
  }

  /** Returns what the runtime calls with requests for one path. */
  handler(options: AttachOptions = {}): unknown {
    return this.#host.handler?.(this.#mount(this.#ownPlan(options)));
  }

  /** Closes all connections. */
  close(): this {
    this.#gateway.refuseSessions();
    this.#engine.close();
    this.#host.close();
    return this;
  }

  /** Raises an event to the listeners, as an emitter does. */
  emit(event: string, ...args: unknown[]): boolean {
    return this.raise(event, args);
  }

  override on(event: EventKey, listener: Listener): this {
    super.on(event, listener);
    return this.#observeFor(event);
  }

  override addListener(event: EventKey, listener: Listener): this {
    super.addListener(event, listener);
    return this.#observeFor(event);
  }

  override prependListener(event: EventKey, listener: Listener): this {
    super.prependListener(event, listener);
    return this.#observeFor(event);
  }

  override prependOnceListener(event: EventKey, listener: Listener): this {
    super.prependOnceListener(event, listener);
    return this.#observeFor(event);
  }

  /** A connection was opened, and its owner notified; or it was set up again, before its owner is notified. */
  onOpened(connection: Connection, isRevived = false): void {
    this.#bindings?.open(connection);
    const isWatched = this.#isWatched();
    if (!isWatched && !this.hasListeners("connection")) return;
    const face = faceOf(connection, this.#userCode);
    if (isWatched) {
      face.reportFlushes(this);
      if (!isRevived) {
        this.onFlush(face, [this.#openPacket(face)]);
        this.onDrain(face);
      }
    }
    this.raise("connection", [face]);
  }

  onFlush(face: ConnectionFace, packets: readonly unknown[]): void {
    this.raise("flush", [face, packets]);
  }

  onDrain(face: ConnectionFace): void {
    this.raise("drain", [face]);
  }

  raise(event: string, args: readonly unknown[]): boolean {
    const site = { target: this, socket: null, event };
    return this.#userCode.raise(this.listenersByEvent, args, site);
  }

  /** The open packet of a connection, which was sent before any listener could observe it. */
  #openPacket({ id: sid, transport }: ConnectionFace): object {
    const { maxHttpBufferSize: maxPayload, pingInterval, pingTimeout } = this.#options;
    const upgrades = this.upgrades(transport.name);
    const data = JSON.stringify({ sid, upgrades, pingInterval, pingTimeout, maxPayload });
    return { type: "open", options: { compress: true }, data };
  }

  #isWatched(): boolean {
    return this.hasListeners("flush") || this.hasListeners("drain");
  }

  /** Listeners of `flush` or `drain` are called for the existing connections, too. */
  #observeFor(event: EventKey): this {
    if (event === "flush" || event === "drain") {
      for (const connection of this.#engine.connections.values()) {
        faceOf(connection, this.#userCode).reportFlushes(this);
      }
    }
    return this;
  }

  #ownPlan(options: AttachOptions): UnplannedMount {
    const path = (options.path ?? "/engine.io").replace(/\/$/, "");
    const addTrailingSlash = options.addTrailingSlash ?? this.#options.addTrailingSlash;
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const all = { ...this.#options, ...Object.fromEntries(given) };
    return { path: () => path, addTrailingSlash, served: null, readiness: null, options: all };
  }

  #mount(plan: UnplannedMount): Mount {
    const { transports } = this.#options;
    const hasUpgrades = transports.includes("websocket");
    const hasSessions = transports.includes("webtransport");
    return new Mount(this.#gateway, { ...plan, hasUpgrades, hasSessions });
  }

  #idFor(request: RequestHead): string | Promise<string> {
    // The request is not read for the built-in generator, and need not be kept then.
    if (this.generateId === EngineServer.prototype.generateId) return this.#makeSessionId();
    return this.generateId(request.native) as string | Promise<string>;
  }
}
