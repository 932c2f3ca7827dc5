// One connection to a server, kept up over successive sessions, and shared by the sockets of its namespaces.
// Knows nothing of transports and acknowledgements. Where it stands is a state of manager-transition.ts; `#step` is the
// only way from one to another.

import type { EventKey } from "@sockeye/events";
import type {
  Codec,
  Encoded,
  Frame,
  Packet,
  PacketDecoder,
  PacketReceiver,
} from "@sockeye/protocol";
import { serverOptions } from "./address-options.ts";
import { backoffDelay } from "./backoff.ts";
import { after, type Cancel } from "./clock.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import type { Engine, SessionHandler } from "./engine/engine.ts";
import { clientError } from "./errors.ts";
import {
  GAVE_UP,
  IDLE,
  type ManagerEvent,
  type ManagerState,
  nextManagerState,
} from "./manager-transition.ts";
import {
  type ManagerOptions,
  SETTINGS,
  type Settings,
  type SocketOptions,
  settingsFrom,
} from "./options.ts";
import type { PageEvent } from "./page-event.ts";
import type { Platform } from "./platform.ts";
import { guarded, SafeEmitter } from "./safe-emitter.ts";
import type { Socket } from "./socket.ts";
import type { SentPacket } from "./socket-manager.ts";
import type { Status } from "./status.ts";
import { type Binary, type CloseDetails, transportError } from "./transports/transport.ts";

/** The options of a manager with their defaults filled in. */
export type ResolvedOptions = ManagerOptions & Settings;

/** Called once an explicitly asked-for connection is open, or has failed. */
export type OpenCallback = (error?: Error) => void;

/** Reads a setting, or sets it and returns the manager. */
type Accessor<Value> = (value?: Value) => unknown;

/** Keeps a connection to a server. */
export class Manager extends SafeEmitter implements SessionHandler, PacketReceiver {
  /** The session in use, or the last one. */
  engine: Engine | undefined;
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
  #state: ManagerState = IDLE;
  /** Ends the one timer. */
  #stopTimer: Cancel | undefined;
  #stopListening: Cancel | undefined;
  #done: OpenCallback | undefined;
  #decoder: PacketDecoder | undefined;
  readonly #sockets: Map<string, Socket> = new Map();
  readonly #codec: Codec;

  /**
   * @param uri address of the server; the page's own origin when `undefined`
   * @throws TypeError for an address or an option that cannot be right
   */
  constructor(uri: string | undefined, options: ManagerOptions, platform: Platform) {
    super();
    this.opts = {
      ...options,
      path: options.path || "/socket.io",
      ...serverOptions(uri, options, platform.pageLocation),
      ...settingsFrom(options),
    };
    this.platform = platform;
    this.#codec = platform.codecFor(options);
    for (const name of Object.keys(SETTINGS)) {
      const access: Accessor<unknown> = (value) => {
        const settings = this.opts as unknown as Record<string, unknown>;
        if (value === undefined) return settings[name];
        settings[name] = value;
        // Nothing is waited for any more when reconnection has been switched off.
        if (!this.opts.reconnection) this.#step({ type: "cancel" });
        return this;
      };
      (this as Record<string, unknown>)[name] = access;
    }
  }

  /** Where the connection stands. */
  get status(): Status {
    return this.#state.status;
  }

  /** The state in the words of Socket.IO. Waiting for the next attempt counts as closed. */
  get _readyState(): "opening" | "open" | "closed" {
    const { state } = this.status;
    return state === "connecting" ? "opening" : state === "open" ? state : "closed";
  }

  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: OpenCallback): this {
    if (this._readyState === "closed") {
      this.#done = done;
      this.#step({ type: "open" });
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
      socket = new this.platform.socketClass(this, nsp, options);
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
    this.#down({ type: "close" }, "forced close");
  }

  /** For sockets: one wants to join its namespace. Connects, unless that is under way or about to happen. */
  wake(socket: Socket): void {
    const { state } = this.status;
    if (state === "open") socket.onConnection();
    else if (state !== "waiting") this.open();
  }

  /** For sockets: sends a packet; dropped when not connected. Throws when it cannot be encoded. */
  send(packet: SentPacket): void {
    if (this.status.state !== "open") return;
    const frames = this.encode(packet);
    if (PUBLISHES) tell(this.platform.diagnostics, "packetSent", () => ({ packet }));
    const { engine } = this;
    if (!Array.isArray(frames)) engine?.send(frames as string | Binary, packet.options);
    else for (const frame of frames) engine?.send(frame, packet.options);
  }

  /** For sockets: the frame of a packet, or its frames. Throws when it cannot be encoded. */
  encode(packet: Packet): Encoded {
    return this.#codec.encode(packet);
  }

  /** For sockets: one has become inactive. Without an active one, the connection ends. */
  release(): void {
    for (const socket of this.#sockets.values()) if (socket.active) return;
    this.close();
  }

  /** Follows the transition, and does what belongs to the new state. */
  #step(event: ManagerEvent): void {
    const { opts } = this;
    const from = this.#state;
    const now = Date.now();
    const next = nextManagerState(from, event, {
      ...opts,
      now,
      waitMs: (attempt) => backoffDelay(opts, attempt, Math.random()),
    });
    if (next === from) return;
    this.#state = next;
    const { status } = next;
    const { state } = status;
    if (from.status === status) return;
    if (PUBLISHES) {
      const change = { manager: this, from: from.status.state, to: state };
      tell(this.platform.diagnostics, "statusChanged", () => change);
    }
    this.#stopTimer?.();
    const isIdle = state === "closed" && status.advice !== "wait" && status.reason !== GAVE_UP;
    if (isIdle) this.#stopListening = void this.#stopListening?.();
    else this.#stopListening ??= this.platform.listen(this.#onPage);
    if (state === "connecting") this.#connect();
    else if (state === "waiting") this.#wait(status.attempt, status.until - now);
    // What is passed through while listeners are notified of a loss is no status that anybody could do something with.
    if (this.#state === next && !(state === "closed" && status.advice === "wait")) this.#announce();
  }

  /** Notifies of the status. */
  #announce(): void {
    const { status } = this;
    this.raise("status", status);
    for (const socket of [...this.#sockets.values()]) socket.onManagerStatus();
  }

  #connect(): void {
    const { opts } = this;
    const { timeout } = opts;
    this.#hangUp();
    const engine = this.platform.createSession(opts);
    engine.handler = this;
    this.engine = engine;
    const fail = (): void => this.#onFailure(clientError("ERR_CONNECT_TIMEOUT", "timeout"));
    this.#stopTimer = timeout === false ? undefined : after(opts, timeout as number, fail);
    engine.open();
  }

  #wait(attempt: number, delay: number): void {
    const waiting = this.#state;
    const go = (): void => {
      this.raise("reconnect_attempt", attempt);
      if (this.#state === waiting) this.#step({ type: "due" });
    };
    if (PUBLISHES) {
      const scheduled = { manager: this, attempt, delay };
      tell(this.platform.diagnostics, "reconnectScheduled", () => scheduled);
    }
    if (delay > 0) this.#stopTimer = after(this.opts, delay, go);
    else go();
  }

  readonly #onPage = (event: PageEvent): void => {
    this.engine?.onPage(event);
    // The network or the page is back: there is no point in waiting any longer, nor when the loss shows only now.
    const { type } = event;
    if (type !== "offline") this.#step({ type: "resumed", isNetwork: type === "online" });
  };

  /** For the session. */
  onSessionOpen(): void {
    const { attempt, status } = this.#state;
    const done = this.#done;
    this.#done = undefined;
    this.#decoder = this.#codec.createDecoder(this);
    this.#onTransport("opened");
    this.#forActive((socket) => socket.onConnection());
    // A session whose WebSocket carried nothing begins again over another transport.
    if (status.state === "open") return;
    this.raise("open");
    if (done) guarded(done);
    if (attempt > 0) this.raise("reconnect", attempt);
  }

  /** For the session. */
  onSessionMoved(): void {
    this.#onTransport("moved");
  }

  #onTransport(type: "opened" | "moved"): void {
    this.#step({ type, transport: this.engine?.transport?.name as string });
  }

  /** For the session. */
  onData(frame: string | Binary): void {
    if (this.status.state !== "open") return;
    let packet: Packet | undefined;
    try {
      packet = this.#decoder?.add(frame as Frame);
    } catch (error) {
      this.#onLoss("parse error", error as Error);
      return;
    }
    if (packet) this.onPacket(packet);
  }

  /** Raises an event. Packages for Socket.IO call this method of the class on sockets. */
  emit(event: EventKey, ...args: unknown[]): this {
    this.raise(event, ...args);
    return this;
  }

  /** For the session. */
  onPing(): void {
    this.#step({ type: "pinged" });
    this.raise("ping");
  }

  /** For the session. */
  onSessionError(error: Error): void {
    if (this.status.state === "connecting") this.#onFailure(error);
    else this.#tellError(error);
  }

  /** For the session. */
  onSessionClose(reason: string, details?: CloseDetails | Error): void {
    if (this.status.state !== "connecting") this.#onLoss(reason, details);
    else this.#onFailure(transportError(reason, details as CloseDetails));
  }

  /** For the decoder. */
  onPacket(packet: Packet): void {
    if (PUBLISHES) tell(this.platform.diagnostics, "packetReceived", () => ({ packet }));
    // Some decoders call this before they return: what fails here is no fault of the packet.
    guarded(() => {
      const socket = this.#sockets.get(packet.nsp);
      if (socket?.active) socket.onOwnPacket(packet);
    });
    this.raise("packet", packet);
  }

  /** Listeners may make further sockets meanwhile, which have not seen what is notified here. */
  #forActive(notify: (socket: Socket) => void): void {
    for (const socket of [...this.#sockets.values()]) if (socket.active) notify(socket);
  }

  #tellError(error: Error): void {
    this.#forActive((socket) => socket.onConnectionError(error));
    this.raise("error", error);
  }

  /** No connection came about. */
  #onFailure(error: Error): void {
    const { attempt } = this.#state;
    const done = this.#done;
    const isFinal = done !== undefined && attempt === 0;
    this.#done = undefined;
    this.#hangUp();
    this.#step({ type: "failed", reason: error.message, isFinal });
    const failed = this.#state;
    if (PUBLISHES) {
      tell(this.platform.diagnostics, "connectionFailed", () => ({ manager: this, error }));
    }
    this.#tellError(error);
    if (done) guarded(() => done(error));
    this.#retry(failed);
    if (attempt > 0) this.raise("reconnect_error", error);
  }

  /** The connection is lost, against the application's wish as far as is known. */
  #onLoss(reason: string, details?: CloseDetails | Error): void {
    this.#retry(this.#down({ type: "lost", reason }, reason, details));
  }

  /** The connection is over. */
  #down(event: ManagerEvent, reason: string, details?: CloseDetails | Error): ManagerState {
    this.#hangUp();
    this.#step(event);
    const down = this.#state;
    if (PUBLISHES) {
      tell(this.platform.diagnostics, "connectionClosed", () => ({ manager: this, reason }));
    }
    this.#forActive((socket) => socket.onConnectionLost(reason, details));
    this.raise("close", reason, details);
    return down;
  }

  /** Releases the session, and closes it. */
  #hangUp(): void {
    const { engine } = this;
    if (!engine?.handler) return;
    engine.handler = undefined;
    engine.close();
  }

  #retry(closed: ManagerState): void {
    // Listeners may have closed or opened it meanwhile; then it is no longer ours to retry.
    if (this.#state !== closed) return;
    this.#step({ type: "retry" });
    const { status } = this;
    if (status.state === "closed" && status.reason === GAVE_UP) this.raise("reconnect_failed");
  }
}
