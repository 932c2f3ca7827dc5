// One connection to a server, kept up over successive sessions, and shared by the sockets of its namespaces.
// Knows nothing of transports and acknowledgements. `#enter` is the only writer of the state.

import type { Codec, Frame, Packet } from "@sockeye/protocol";
import { backoffDelay } from "./backoff.ts";
import { after, type Cancel } from "./clock.ts";
import type { Session, SessionHandler } from "./engine/session.ts";
import type { ManagerState, OpenCallback } from "./manager-state.ts";
import {
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
import { isSecure, parseAddress, type ServerAddress } from "./url.ts";

/** A packet with the way it is to be sent. */
export interface SentPacket extends Packet {
  options?: { compress: boolean };
}

/** The options of a manager with their defaults filled in. */
export type ResolvedOptions = ManagerOptions & Settings;

/** Reads a setting, or sets it and returns the manager. */
type Accessor<Value> = (value?: Value) => unknown;

/** The network is back, or the page: there is no point in waiting any longer. */
const AWAKE = ["online", "visibilitychange", "resume", "pageshow"];

const CLOSED: ManagerState = { kind: "closed" };

/** Keeps a connection to a server. */
export class Manager extends SafeEmitter {
  /** The session in use, or the last one. */
  engine: Session | undefined;
  /** Read anew for every connection that is made; may be changed. */
  readonly opts: ResolvedOptions;
  /** For sockets. */
  readonly platform: Platform;
  // Made in the constructor, one like the other.
  declare readonly reconnection: Accessor<boolean>;
  declare readonly reconnectionAttempts: Accessor<number>;
  declare readonly reconnectionDelay: Accessor<number>;
  declare readonly reconnectionDelayMax: Accessor<number>;
  declare readonly randomizationFactor: Accessor<number>;
  declare readonly timeout: Accessor<number | false>;
  #state: ManagerState = CLOSED;
  /** Ends the one timer, and what else belongs to the state. */
  #leave: Cancel | undefined;
  readonly #sockets: Map<string, Socket> = new Map();
  readonly #codec: Codec;

  /**
   * @param uri address of the server; the page's own origin when `undefined`
   * @throws TypeError for an address or an option that cannot be right
   */
  constructor(uri: string | undefined, options: ManagerOptions, platform: Platform) {
    super();
    platform.checkOptions?.(options);
    this.opts = resolve(uri, options, platform);
    this.platform = platform;
    this.#codec = platform.codecFor(options.parser);
    for (const name of Object.keys(SETTINGS)) {
      const access: Accessor<unknown> = (value) => {
        const settings = this.opts as unknown as Record<string, unknown>;
        if (value === undefined) return settings[name];
        settings[name] = value;
        // Nothing is waited for any more when reconnection has been switched off.
        if (!this.opts.reconnection && this.#state.kind === "waiting") this.#enter(CLOSED);
        return this;
      };
      (this as Record<string, unknown>)[name] = access;
    }
  }

  /** The state in the words of Socket.IO: `"opening"`, `"open"` or `"closed"`. */
  get _readyState(): "opening" | "open" | "closed" {
    const { kind } = this.#state;
    return kind === "waiting" ? "closed" : kind;
  }

  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: OpenCallback): this {
    const { kind, attempt = 0 } = this.#state;
    if (kind === "waiting" || kind === "closed") this.#connect(attempt, done);
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
      this.platform.checkOptions?.(options);
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
    this.#down("forced close");
  }

  /** For sockets: one wants to join its namespace. Connects, unless that is under way or about to happen. */
  wake(socket: Socket): void {
    const { kind } = this.#state;
    if (kind === "open") socket.onConnection();
    if (kind === "closed") this.open();
  }

  /** For sockets: sends a packet; dropped when not connected. Throws when it cannot be encoded. */
  send(packet: SentPacket): void {
    if (this.#state.kind !== "open") return;
    const frames = ([] as Frame[]).concat(this.#codec.encode(packet));
    for (const frame of frames) this.engine?.send(frame as string | Binary, packet.options);
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
    const engine = this.platform.createSession(this.opts);
    const { timeout } = this.opts;
    engine.handler = this.#handler;
    this.engine = engine;
    this.#enter(
      { kind: "opening", attempt, done },
      timeout === false
        ? undefined
        : after(this.opts, timeout, () => this.#onFailure(new Error("timeout"))),
    );
    engine.open();
  }

  readonly #handler: SessionHandler = {
    open: () => this.#onOpen(),
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
      if (this.#state.kind === "opening") this.#onFailure(error);
      else this.#tellError(error);
    },
    close: (reason, details) => {
      if (this.#state.kind !== "opening") this.#onLoss(reason, details);
      else this.#onFailure(new TransportError(reason, (details as CloseDetails)?.description));
    },
  };

  #onOpen(): void {
    const { attempt, done } = this.#state as ManagerState & { kind: "opening" };
    const decoder = this.#codec.createDecoder({ onPacket: (packet) => this.#onPacket(packet) });
    this.#enter(
      { kind: "open", decoder },
      this.platform.listen(
        [...AWAKE, "offline", this.opts.closeOnBeforeunload ? "beforeunload" : ""],
        (event) => {
          this.engine?.onPage(event);
          const state = this.#state;
          if (state.kind === "waiting" && event.type !== "offline") state.go();
        },
      ),
    );
    this.#forActive((socket) => socket.onConnection());
    this.raise("open");
    if (done) guarded(done);
    if (attempt > 0) this.raise("reconnect", attempt);
  }

  #onPacket(packet: Packet): void {
    const socket = this.#sockets.get(packet.nsp);
    if (socket?.active) socket.onOwnPacket(packet);
    this.raise("packet", packet);
  }

  #forActive(tell: (socket: Socket) => void): void {
    for (const socket of this.#sockets.values()) if (socket.active) tell(socket);
  }

  #tellError(error: Error): void {
    this.#forActive((socket) => socket.onConnectionError(error));
    this.raise("error", error);
  }

  /** No connection came about. */
  #onFailure(error: Error): void {
    const { attempt, done } = this.#state as ManagerState & { kind: "opening" };
    const state = this.#over();
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
    const state = this.#over();
    this.#forActive((socket) => socket.onConnectionLost(reason, details));
    this.raise("close", reason, details);
    return state;
  }

  /** Hears no more of the session, and closes it. The state it returns is told from later ones by its identity. */
  #over(): ManagerState {
    const state: ManagerState = { ...CLOSED };
    const { engine } = this;
    if (engine) engine.handler = {};
    engine?.close();
    this.#enter(state);
    return state;
  }

  #retry(attempt: number): void {
    const { opts } = this;
    if (!opts.reconnection) return;
    if (attempt > opts.reconnectionAttempts) {
      this.raise("reconnect_failed");
      return;
    }
    const go = (): void => {
      if (this.#state !== state) return;
      this.raise("reconnect_attempt", attempt);
      if (this.#state === state) this.#connect(attempt);
    };
    const state: ManagerState = { kind: "waiting", attempt, go };
    const stopTimer = after(opts, backoffDelay(opts, attempt, Math.random()), go);
    const stopListening = this.platform.listen(AWAKE, go);
    this.#enter(state, () => {
      stopTimer();
      stopListening();
    });
  }
}

function resolve(
  uri: string | undefined,
  options: ManagerOptions,
  { location }: Platform,
): ResolvedOptions {
  const { hostname = options.host, port, secure, query, path } = options;
  const isOpen = uri === undefined;
  const address: Partial<ServerAddress> =
    isOpen && (hostname || !location)
      ? { hostname: hostname || "localhost" }
      : parseAddress(uri, location);
  return {
    ...options,
    path: path || "/socket.io",
    hostname: address.hostname as string,
    port: (isOpen && port) || address.port || "",
    secure: secure ?? isSecure(address.protocol ?? location?.protocol ?? ""),
    query: address.query ?? query ?? {},
    ...settingsFrom(options),
  };
}
