// One connection to a server, kept up over successive sessions, and shared by the sockets of its namespaces.
// Knows nothing of transports and acknowledgements. `#enter` is the only writer of the state.

import { type Codec, codecOf, type Frame, isCustomParser, type Packet } from "@sockeye/protocol";
import { backoffDelay } from "./backoff.ts";
import { type Cancel, type Clock, systemClock } from "./clock.ts";
import { Engine, type EngineHandler } from "./engine/engine.ts";
import type { ManagerState, OpenCallback } from "./manager-state.ts";
import {
  checkOptions,
  type ManagerOptions,
  SETTINGS,
  type Settings,
  type SocketOptions,
  settingsFrom,
} from "./options.ts";
import type { Platform } from "./platform.ts";
import { guarded, SafeEmitter } from "./safe-emitter.ts";
import { Socket } from "./socket.ts";
import { type Binary, type CloseDetails, TransportError } from "./transports/transport.ts";
import { isSecure, parseAddress } from "./url.ts";

/** A packet with the way it is to be sent. */
export interface SentPacket extends Packet {
  options?: { compress: boolean };
}

/** The options of a manager with their defaults filled in. */
export type ResolvedOptions = ManagerOptions & Settings;

/** Reads a setting, or sets it and returns the manager. */
type Accessor<Value> = (value?: Value) => unknown;

/** Keeps a connection to a server. */
export class Manager extends SafeEmitter {
  /** The session in use, or the last one. */
  engine: Engine | undefined;
  /** Read anew for every connection that is made; may be changed. */
  readonly opts: ResolvedOptions;
  // Made in the constructor, one like the other.
  declare readonly reconnection: Accessor<boolean>;
  declare readonly reconnectionAttempts: Accessor<number>;
  declare readonly reconnectionDelay: Accessor<number>;
  declare readonly reconnectionDelayMax: Accessor<number>;
  declare readonly randomizationFactor: Accessor<number>;
  declare readonly timeout: Accessor<number | false>;
  #state: ManagerState = { kind: "idle" };
  /** Ends the one timer, and what else belongs to the state. */
  #leave: Cancel | undefined;
  readonly #sockets: Map<string, Socket> = new Map();
  readonly #platform: Platform;
  readonly #clock: Clock;
  readonly #codec: Codec;

  /**
   * @param uri address of the server; the page's own origin when `undefined`
   * @throws TypeError for an address or an option that cannot be right
   */
  constructor(uri: string | undefined, options: ManagerOptions, platform: Platform) {
    super();
    checkOptions(options);
    this.opts = resolve(uri, options, platform);
    this.#platform = platform;
    this.#clock = systemClock(this.opts);
    const parser = this.opts.parser ?? platform.codec;
    this.#codec = isCustomParser(parser) ? codecOf(parser) : parser;
    for (const name of Object.keys(SETTINGS)) {
      const access: Accessor<unknown> = (value) => {
        const settings = this.opts as unknown as Record<string, unknown>;
        if (value === undefined) return settings[name];
        settings[name] = value;
        // Nothing is waited for any more when reconnection has been switched off.
        if (!this.opts.reconnection && this.#state.kind === "waiting") this.close();
        return this;
      };
      Object.assign(this, { [name]: access });
    }
  }

  /** The state in the words of Socket.IO: `"opening"`, `"open"` or `"closed"`. */
  get _readyState(): "opening" | "open" | "closed" {
    const { kind } = this.#state;
    if (kind === "connecting") return "opening";
    return kind === "open" ? kind : "closed";
  }

  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: OpenCallback): this {
    const state = this.#state;
    if (state.kind !== "connecting" && state.kind !== "open") {
      this.#connect(state.kind === "waiting" ? state.attempt : 0, done);
    }
    return this;
  }

  /** The same as `open`. */
  connect(done?: OpenCallback): this {
    return this.open(done);
  }

  /** The socket of a namespace; always the same one. An inactive one is connected again. */
  socket(nsp: string, options: SocketOptions = {}): Socket {
    let socket = this.#sockets.get(nsp);
    if (!socket) {
      checkOptions(options);
      socket = new Socket(this, nsp, options);
      this.#sockets.set(nsp, socket);
    }
    if (this.opts.autoConnect !== false && !socket.active) socket.connect();
    return socket;
  }

  /** Whether there is a socket of this namespace. */
  hasSocket(nsp: string): boolean {
    return this.#sockets.has(nsp);
  }

  /** Ends the connection, and reconnecting. The reason is `"forced close"`. */
  close(): void {
    const { kind } = this.#state;
    if (kind === "connecting" || kind === "open") this.#down("forced close");
    else this.#enter({ kind: "closed", reason: "forced close" });
  }

  /** For sockets: one wants to join its namespace. Connects, unless that is under way or about to happen. */
  wake(socket: Socket): void {
    const { kind } = this.#state;
    if (kind === "open") socket.onOpen();
    else if (kind !== "waiting") this.open();
  }

  /** For sockets: sends a packet; dropped when not connected. Throws when it cannot be encoded. */
  send(packet: SentPacket): void {
    if (this.#state.kind !== "open") return;
    const { engine } = this.#state;
    const encoded = this.#codec.encode(packet);
    const frames = Array.isArray(encoded) ? (encoded as readonly Frame[]) : [encoded as Frame];
    for (const frame of frames) engine.send(frame as string | Binary, packet.options);
  }

  /** For sockets: one has become inactive. Without an active one, the connection ends. */
  release(): void {
    for (const socket of this.#sockets.values()) if (socket.active) return;
    this.close();
  }

  /** Enters a state; what belongs to the one before ends. */
  #enter(next: ManagerState, leave?: Cancel): void {
    this.#leave?.();
    this.#state = next;
    this.#leave = leave;
  }

  #connect(attempt: number, done?: OpenCallback): void {
    const engine = new Engine(this.opts, this.#platform);
    const { timeout } = this.opts;
    engine.handler = this.#handlerOf(engine);
    this.engine = engine;
    this.#enter(
      { kind: "connecting", attempt, engine, done },
      timeout === false
        ? undefined
        : this.#clock.after(timeout, () => this.#onFailure(new Error("timeout"))),
    );
    engine.open();
  }

  #handlerOf(engine: Engine): EngineHandler {
    return {
      open: () => this.#onOpen(engine),
      data: (frame) => {
        const state = this.#state;
        if (state.kind !== "open") return;
        try {
          const packet = state.decoder.add(frame as Frame);
          if (packet) this.#onPacket(packet);
        } catch (error) {
          this.#onLoss("parse error", error as Error);
        }
      },
      ping: () => this.raise("ping"),
      error: (error) => {
        if (this.#state.kind === "connecting") this.#onFailure(error);
        else this.#tellError(error);
      },
      close: (reason, details) => {
        if (this.#state.kind !== "connecting") this.#onLoss(reason, details);
        else this.#onFailure(new TransportError(reason, (details as CloseDetails)?.description));
      },
    };
  }

  #onOpen(engine: Engine): void {
    const { attempt, done } = this.#state as ManagerState & { kind: "connecting" };
    const decoder = this.#codec.createDecoder({ onPacket: (packet) => this.#onPacket(packet) });
    this.#enter({ kind: "open", engine, decoder });
    this.#forActive((socket) => socket.onOpen());
    this.raise("open");
    if (done) guarded(done);
    if (attempt > 0) this.raise("reconnect", attempt);
  }

  #onPacket(packet: Packet): void {
    const socket = this.#sockets.get(packet.nsp);
    if (socket?.active) socket.onPacket(packet);
    this.raise("packet", packet);
  }

  #forActive(tell: (socket: Socket) => void): void {
    for (const socket of this.#sockets.values()) if (socket.active) tell(socket);
  }

  #tellError(error: Error): void {
    this.#forActive((socket) => socket.onError(error));
    this.raise("error", error);
  }

  /** No connection came about. */
  #onFailure(error: Error): void {
    const { attempt, done, engine } = this.#state as ManagerState & { kind: "connecting" };
    letGo(engine);
    const state: ManagerState = { kind: "closed", reason: error.message };
    this.#enter(state);
    this.#tellError(error);
    if (done) guarded(() => done(error));
    // Listeners may have closed or opened it meanwhile; then it is no longer ours to retry.
    if ((attempt > 0 || !done) && this.#state === state) this.#retry(attempt + 1);
    if (attempt > 0) this.raise("reconnect_error", error);
  }

  /** The connection is lost, against the user's wish as far as we know. */
  #onLoss(reason: string, details?: CloseDetails | Error): void {
    const state = this.#down(reason, details);
    if (this.#state === state) this.#retry(1);
  }

  /** The connection is over. */
  #down(reason: string, details?: CloseDetails | Error): ManagerState {
    const { engine } = this.#state as ManagerState & { kind: "open" };
    letGo(engine);
    const state: ManagerState = { kind: "closed", reason };
    this.#enter(state);
    this.#forActive((socket) => socket.onClose(reason, details));
    this.raise("close", reason, details);
    return state;
  }

  #retry(attempt: number): void {
    const { opts } = this;
    if (!opts.reconnection) return;
    if (attempt > opts.reconnectionAttempts) {
      this.raise("reconnect_failed");
      return;
    }
    const delay = backoffDelay(opts, attempt, Math.random());
    const state: ManagerState = { kind: "waiting", attempt, retryAt: this.#clock.now() + delay };
    const go = (): void => {
      this.raise("reconnect_attempt", attempt);
      if (this.#state === state) this.#connect(attempt);
    };
    const stopTimer = this.#clock.after(delay, go);
    // The network is back: there is no point in waiting.
    const stopListening = this.#platform.listen("online", go);
    this.#enter(state, () => {
      stopTimer();
      stopListening();
    });
  }
}

/** Hears no more of a session, and closes it. */
function letGo(engine: Engine): void {
  engine.handler = {};
  engine.close();
}

function resolve(
  uri: string | undefined,
  options: ManagerOptions,
  { location }: Platform,
): ResolvedOptions {
  const address = uri === undefined ? undefined : parseAddress(uri, location);
  const hostname = address?.hostname ?? options.hostname ?? options.host;
  return {
    ...options,
    path: options.path || "/socket.io",
    hostname: hostname ?? location?.hostname ?? "localhost",
    port: address?.port ?? options.port ?? ((hostname === undefined && location?.port) || ""),
    secure: options.secure ?? isSecure(address?.protocol ?? location?.protocol ?? ""),
    query: options.query ?? address?.query ?? {},
    ...settingsFrom(options),
  };
}
