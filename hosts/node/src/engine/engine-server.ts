// The engine as applications know it: `io.engine`, and on its own `new Server()` of `@sockeye/node/engine`.
// Handles requests, raises events, and lists the connections. Does not know namespaces.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
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
} from "@sockeye/engine";
import { Emitter, type EventKey, type Listener } from "@sockeye/events";
import type { EngineServerDiagnostics } from "../diagnostics.ts";
import { type EngineMiddleware, guardedMiddleware } from "../engine-middleware.ts";
import { Gateway } from "../gateway.ts";
import { attachToHttp, type CorsMiddleware } from "../http-attachment.ts";
import type { ServerOptions } from "../options.ts";
import { clientsView } from "./clients-view.ts";
import { corsFor } from "./cors.ts";
import { type MakeId, raiseRefused, requestHooks } from "./engine-hooks.ts";
import type { EngineOwner } from "./engine-owner.ts";
import { ownEngine } from "./own-engine.ts";

/** How an engine is attached to an HTTP server. */
export interface AttachOptions {
  /** Path of all requests. Default `/engine.io`. */
  readonly path?: string;
  /** Whether the path ends in a slash. Default `true`. */
  readonly addTrailingSlash?: boolean;
  /** Whether upgrade requests for other paths are closed when no listener answers them. Default `true`. */
  readonly destroyUpgrade?: boolean;
  /** How many milliseconds they may wait for an answer. Default 1000. */
  readonly destroyUpgradeTimeout?: number;
}

/**
 * An engine on Node. Raises `connection` with each connection, `connection_error` with
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

  /** Set by `listen`. */
  httpServer: HttpServer | undefined = undefined;
  readonly #options: ServerOptions;
  readonly #userCode: UserCode;
  readonly #engine: Engine;
  readonly #gateway: Gateway;
  readonly #cors: CorsMiddleware | null;
  readonly #makeSessionId: () => string;
  readonly #diagnostics: EngineServerDiagnostics;
  #clients: Record<string, ConnectionFace> | null = null;

  /**
   * `options` are those of the engine and of the Node host. `owner` is given by a Socket.IO server.
   * @throws OptionError when options are wrong
   */
  constructor(options: object = {}, owner: EngineOwner = ownEngine(options)) {
    super();
    this.#options = owner.options;
    this.#userCode = owner.userCode;
    this.#diagnostics = owner.diagnostics;
    this.#makeSessionId = () => owner.makeSessionId();
    const makeId: MakeId = (request) => this.#idFor(request);
    this.#engine = owner.makeEngine(
      requestHooks(owner.options, { events: this, makeId, userCode: owner.userCode }),
      this,
    );
    this.#gateway = new Gateway(this.#engine, owner.options, (refused, request) =>
      raiseRefused(this, refused, request),
    );
    this.#gateway.publishAt(owner.diagnostics.node);
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
  get cors(): CorsMiddleware | null {
    return this.#cors;
  }

  /**
   * Generates a session id: 20 characters that cannot be guessed. Applications may replace it by a function of their
   * own, which may return a promise.
   */
  generateId(_request: IncomingMessage): string | PromiseLike<string> {
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
    this.#gateway.use(guardedMiddleware(middleware, this.#userCode));
    return this;
  }

  /** Handles an HTTP request with any path. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#gateway.onRequest(request, response);
  }

  /** Handles a WebSocket handshake with any path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#gateway.onUpgrade(request, socket, head);
  }

  /** Handles the requests of an HTTP server for one path; others are passed to the existing listeners. */
  attach(http: HttpServer, options: AttachOptions = {}): void {
    const path = (options.path ?? "/engine.io").replace(/\/$/, "");
    const { addTrailingSlash, destroyUpgrade, destroyUpgradeTimeout } = this.#options;
    const files = null;
    this.attachFor(http, {
      ...{ path: () => path, files },
      addTrailingSlash: options.addTrailingSlash ?? addTrailingSlash,
      destroyUpgrade: options.destroyUpgrade ?? destroyUpgrade,
      destroyUpgradeTimeout: options.destroyUpgradeTimeout || destroyUpgradeTimeout,
    });
  }

  /** The same for a Socket.IO server, whose path may change and which serves files. */
  attachFor(
    http: HttpServer,
    attachment: Omit<Parameters<typeof attachToHttp>[2], "hasUpgrades" | "onUnanswered">,
  ): void {
    const hasUpgrades = this.#options.transports.includes("websocket");
    const { upgradeUnanswered } = this.#diagnostics.node;
    const onUnanswered = (request: IncomingMessage): void => {
      if (upgradeUnanswered.active) upgradeUnanswered.publish({ request });
    };
    attachToHttp(http, this.#gateway, { ...attachment, hasUpgrades, onUnanswered });
    http.on("close", () => this.close());
    http.on("listening", () => this.#gateway.reopen());
  }

  /** Closes all connections. */
  close(): this {
    this.#engine.close();
    this.#gateway.close();
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

  /** A connection was opened, and its owner notified. */
  onOpened(connection: Connection): void {
    const isWatched = this.#isWatched();
    if (!isWatched && !this.hasListeners("connection")) return;
    const face = faceOf(connection, this.#userCode);
    if (isWatched) {
      face.reportFlushes(this);
      this.onFlush(face, [this.#openPacket(face)]);
      this.onDrain(face);
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

  #idFor(request: RequestHead): string | Promise<string> {
    // The request is not read for the built-in generator, and need not be kept then.
    if (this.generateId === EngineServer.prototype.generateId) return this.#makeSessionId();
    return this.generateId(request.native as IncomingMessage) as string | Promise<string>;
  }
}
