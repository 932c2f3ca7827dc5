// The server of every host: the portable core, an engine on the host, and the options of both. Does not know what it is
// attached to.

import { Server as CoreServer, type ForeignEngine, runtimeOf } from "@sockeye/core";
import { OptionError } from "@sockeye/portable";
import { ClientFiles } from "./client-files.ts";
import { debugServer } from "./debug.ts";
import {
  createHostDiagnostics,
  type EngineServerDiagnostics,
  type HostDiagnostics,
} from "./diagnostics.ts";
import { Drain, type DrainOptions, type DrainReport } from "./drain.ts";
import type { EngineOwner } from "./engine-owner.ts";
import { type EngineServer, insideOf } from "./engine-server.ts";
import { Forwarder } from "./forward/forwarder.ts";
import type { SessionLink } from "./forward/link.ts";
import type { Gateway } from "./gateway.ts";
import type { Host, HostEngine } from "./host.ts";
import type { Mount, Readiness } from "./mount.ts";
import { resolveOptionsFor, type ServerOptions } from "./options.ts";
import type { HandshakeScreen } from "./request-hooks.ts";
import { warnOfOptions, warnOfTaken } from "./warnings.ts";

/** An adapter that reaches other servers about sessions of clients. */
interface SessionAdapter {
  readonly sessions: SessionLink | null;
  /** `false` when it never will. */
  readonly carriesSessions: boolean;
}

/** What a server is composed of. */
export interface Composition<HostOptions extends object> {
  readonly host: Host<HostOptions>;
  /** Constructs the engines of the server. */
  readonly Engine: new (
    options: undefined,
    owner: EngineOwner,
  ) => EngineServer;
}

/** A Socket.IO server on a host. */
export class HostedServer<HostOptions extends object = object> extends CoreServer {
  readonly #composition: Composition<HostOptions>;
  readonly #given: object;
  readonly #points: HostDiagnostics;
  readonly #files: ClientFiles | null;
  readonly #forwarder: Forwarder | null;
  #path: string;
  #serveClient: boolean;
  #httpServer: unknown;
  /** The engine that was attached or bound last, as applications see it. */
  #engine: EngineServer | undefined;
  #attached: EngineServer | undefined;
  readonly #gateways: Gateway[] = [];
  readonly #screens: HandshakeScreen[] = [];
  #draining: Promise<DrainReport> | null = null;

  /**
   * `source`: something to attach to, or the options.
   * @throws OptionError when options are wrong
   */
  constructor(composition: Composition<HostOptions>, source: unknown, options: object) {
    const { host } = composition;
    host.checkRuntime?.();
    const isSource = host.isSource(source);
    const given: object = isSource || source == null ? options : (source as object);
    const resolved = resolveOptionsFor({ ...host.complete?.(given), ...given }, host.rules);
    super(resolved.options, (isSource && host.platformFor?.(source)) || host.platform);
    this.#composition = composition;
    const { userCode } = runtimeOf(this).services;
    this.#points = createHostDiagnostics(host.name, {
      channel: host.platform.channel,
      onFault: ({ error, point }) =>
        userCode.failed(error, { target: null, socket: null, event: point, kind: "diagnostics" }),
    });
    debugServer(this.diagnostics, host.debug);
    warnOfOptions(resolved, given, (text) => host.platform.warn(text));
    this.#given = given;
    const { forwardSessions } = resolved.options;
    this.#forwarder = forwardSessions ? this.#makeForwarder(resolved.options) : null;
    this.#files = host.files === null ? null : new ClientFiles(host.files, host.compress);
    this.#path = resolved.options.path;
    this.#serveClient = resolved.options.serveClient;
    if (isSource || typeof source === "function") this.attach(source);
  }

  /** What the server was attached to last: the host's HTTP server. */
  get httpServer(): unknown {
    return this.#httpServer;
  }

  override get diagnostics(): ReturnType<() => CoreServer["diagnostics"]> &
    EngineServerDiagnostics {
    return { ...super.diagnostics, [this.#composition.host.name]: this.#points };
  }

  /** The engine, once attached. */
  get engine(): EngineServer | undefined {
    return this.#engine;
  }

  /** The same, under its former name. */
  get eio(): EngineServer | undefined {
    return this.#engine;
  }

  /** For packages: what looks at the handshakes of every engine of the server, those that are attached later among them. */
  screen(screen: HandshakeScreen): this {
    this.#screens.push(screen);
    this.#attached?.screen(screen);
    return this;
  }

  /** The path of all requests; sets it when given. */
  path(): string;
  path(path: string): this;
  path(path?: string): this | string {
    if (path === undefined) return this.#path;
    this.#path = path.replace(/\/$/, "");
    return this;
  }

  /** Whether the browser client is served; sets it when given. */
  serveClient(): boolean;
  serveClient(serve: boolean): this;
  serveClient(serve?: boolean): this | boolean {
    if (serve === undefined) return this.#serveClient;
    this.#serveClient = serve;
    return this;
  }

  /**
   * Attaches to something of the host, or listens on a port. Options of the constructor win.
   * @throws an error of the host when there is nothing to attach to
   */
  attach(source: unknown, options: object = {}): this {
    this.#composition.host.checkSource?.(source);
    const { host, mount } = this.#open(options);
    this.#httpServer = host.attach(source, mount);
    return this;
  }

  /** The same as `attach`. */
  listen(source: unknown, options: object = {}): this {
    return this.attach(source, options);
  }

  /** Returns what the runtime calls with requests. Options of the constructor win. */
  handler(options: object = {}): unknown {
    const { host, mount } = this.#open(options);
    return host.handler?.(mount);
  }

  /**
   * Disconnects every socket, closes the adapters, the connections and what the server was attached to.
   * `done` is called with an error when that was not running; the promise resolves all the same.
   */
  async close(done?: (error?: Error) => void): Promise<void> {
    await runtimeOf(this).shutDown();
    const attached = this.#attached;
    attached?.close();
    this.#gateways.length = 0;
    if (attached === undefined || this.#httpServer === undefined) {
      done?.();
      return;
    }
    await new Promise<void>((resolve) => {
      insideOf(attached).host.stop(this.#httpServer, (error) => {
        done?.(error);
        resolve();
      });
    });
  }

  /** Whether it may be given new connections: from when it knows the other servers until it is drained. */
  get isReady(): boolean {
    return this.#readiness === "ready";
  }

  get #readiness(): Readiness {
    if (this.#draining !== null) return "draining";
    return runtimeOf(this).isReady ? "ready" : "starting";
  }

  /**
   * Moves the clients to other servers, then closes. A second call resolves with the first.
   * @throws RangeError when an option is no number, or negative
   */
  drain(options: DrainOptions = {}): Promise<DrainReport> {
    this.#draining ??= this.#drain(options);
    return this.#draining;
  }

  async #drain(options: DrainOptions): Promise<DrainReport> {
    const report = await Drain.run(
      {
        clock: this.#composition.host.platform.clock,
        connections: () => this.#gateways.flatMap(({ connections }) => [...connections]),
        unsettled: () => runtimeOf(this).unsettled(),
        refuseHandshakes: () => {
          for (const gateway of this.#gateways) gateway.refuseHandshakes();
        },
        random: Math.random,
      },
      options,
    );
    await this.close();
    return report;
  }

  /** Accepts the connections of another engine, which handles its own requests. */
  override bind(engine: ForeignEngine): this {
    this.#engine = engine as EngineServer & ForeignEngine;
    return super.bind(engine);
  }

  #open(given: object): { readonly host: HostEngine; readonly mount: Mount } {
    const { host } = this.#composition;
    const all = { ...given, ...this.#given };
    const { options, remarks } = resolveOptionsFor({ ...host.complete?.(all), ...all }, host.rules);
    // The constructor has warned of its own.
    const others = remarks.filter(({ name }) => !Object.hasOwn(this.#given, name));
    warnOfTaken(others, (text) => host.platform.warn(text));
    const isOwnPath = Object.hasOwn(this.#given, "path") || !("path" in given);
    const path = isOwnPath ? null : options.path;
    const engine = this.#makeEngine(options);
    const files = this.#files;
    const served = files && {
      ...{ files, cors: engine.cors },
      ...{ isServing: () => this.#serveClient, path: () => this.#path },
    };
    const { gateway, host: hostEngine, mount } = insideOf(engine);
    // Attached anew after it was closed, it takes connections again.
    if (this.#gateways.length === 0) this.#draining = null;
    this.#gateways.push(gateway);
    const { addTrailingSlash, healthChecks } = options;
    const readiness = healthChecks ? () => this.#readiness : null;
    const plan = { path: () => path ?? this.#path, served, addTrailingSlash, readiness, options };
    return { host: hostEngine, mount: mount(plan) };
  }

  #makeForwarder({ maxForwardedBytes: maxBytes }: ServerOptions): Forwarder {
    const { clock, userCode } = runtimeOf(this).services;
    return new Forwarder({
      clock,
      maxBytes,
      onLimit: (limit, value) => this.#points.limitReached.publish({ limit, value }),
      link: () => (this.sockets.adapter as Partial<SessionAdapter>).sessions ?? null,
      onFault: (error) =>
        userCode.failed(error, { target: null, socket: null, event: "forward", kind: "delivery" }),
    });
  }

  /** @throws OptionError where the option `forwardSessions` would do nothing, in silence */
  #checkForwarding(): void {
    if (this.#forwarder === null) return;
    const { carriesSessions } = this.sockets.adapter as Partial<SessionAdapter>;
    if (carriesSessions !== false) return;
    throw new OptionError([
      'forwardSessions needs an adapter that carries sessions; with wire: "socket.io" it does not',
    ]);
  }

  #makeEngine(options: ServerOptions & HostOptions): EngineServer {
    this.#checkForwarding();
    const { Engine, host } = this.#composition;
    const runtime = runtimeOf(this);
    const { makeSessionId, patience, userCode } = runtime.services;
    const engine = new Engine(undefined, {
      ...{
        options,
        patience,
        userCode,
        makeSessionId,
        forwarder: this.#forwarder,
        diagnostics: this.diagnostics,
        points: this.#points,
      },
      warn: (text) => host.platform.warn(text),
      openHost: (gateway) => host.open(gateway, options),
      makeEngine: (hooks, server) =>
        runtime.createEngine(options, hooks, (_, connection, isRevived) =>
          server.onOpened(connection, isRevived),
        ),
    });
    for (const screen of this.#screens) engine.screen(screen);
    this.#engine = engine;
    this.#attached = engine;
    return engine;
  }
}
