// One connection to a server, kept up over successive sessions, and shared by the sockets of its namespaces.
// Knows nothing of transports and acknowledgements. It is closed, opening or open; closed, it may wait for its next
// attempt. `#enter` is the only way from one state to another.

import type { Codec, Frame, Packet, PacketDecoder, PacketReceiver } from "@sockeye/protocol";
import { serverOptions } from "./address-options.ts";
import { backoffDelay } from "./backoff.ts";
import { after, type Cancel } from "./clock.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import type { Session, SessionHandler } from "./engine/session.ts";
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
import type { SentPacket, Socket } from "./socket.ts";
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
  /** The state in the words of Socket.IO. Waiting for the next attempt counts as closed. */
  _readyState: "opening" | "open" | "closed" = "closed";
  /** Number of the reconnection attempt that is under way or waited for; 0 outside of reconnecting. */
  #attempt = 0;
  /** Counts the states, so that it can be seen whether listeners have brought about another one. */
  #turn = 0;
  /** Ends the one timer, and what else belongs to the state. */
  #leave: Cancel | undefined;
  /** While waiting: makes the next attempt at once. */
  #go: (() => void) | undefined;
  /** Woken, and not pinged since: a loss now is what sleep has done to the connection. */
  #isDrowsy: boolean | undefined;
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
        if (!this.opts.reconnection && this.#go) this.#enter("closed");
        return this;
      };
      (this as Record<string, unknown>)[name] = access;
    }
  }

  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: OpenCallback): this {
    if (this._readyState === "closed") this.#connect(done);
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
    this.#down("forced close");
  }

  /** For sockets: one wants to join its namespace. Connects, unless that is under way or about to happen. */
  wake(socket: Socket): void {
    if (this._readyState === "open") socket.onConnection();
    else if (!this.#go) this.open();
  }

  /** For sockets: sends a packet; dropped when not connected. Throws when it cannot be encoded. */
  send(packet: SentPacket): void {
    if (this._readyState !== "open") return;
    if (PUBLISHES) tell(this.platform.diagnostics, "packetSent", () => ({ packet }));
    const frames = ([] as Frame[]).concat(this.#codec.encode(packet));
    for (const frame of frames) this.engine?.send(frame as string | Binary, packet.options);
  }

  /** For sockets: one has become inactive. Without an active one, the connection ends. */
  release(): void {
    for (const socket of this.#sockets.values()) if (socket.active) return;
    this.close();
  }

  /** Enters a state; what belongs to the one before ends. */
  #enter(state: Manager["_readyState"], leave?: Cancel): number {
    if (PUBLISHES && state !== this._readyState) {
      const [from, to] = [this._readyState, state];
      tell(this.platform.diagnostics, "statusChanged", () => ({ manager: this, from, to }));
    }
    this.#leave?.();
    this.#leave = leave;
    this.#go = undefined;
    this._readyState = state;
    return ++this.#turn;
  }

  #connect(done?: OpenCallback): void {
    const { opts } = this;
    const { timeout } = opts;
    const engine = this.platform.createSession(opts);
    engine.handler = this;
    this.engine = engine;
    this.#done = done;
    const fail = (): void => this.#onFailure(new Error("timeout"));
    this.#enter("opening", timeout === false ? undefined : after(opts, timeout, fail));
    engine.open();
  }

  readonly #onPage = (event: PageEvent): void => {
    this.engine?.onPage(event);
    if (event.type !== "offline") {
      // The network or the page is back: there is no point in waiting any longer, nor when the loss shows only now.
      this.#isDrowsy = true;
      this.#go?.();
    }
  };

  /** For the session. */
  onSessionOpen(): void {
    const attempt = this.#attempt;
    const done = this.#done;
    this.#attempt = 0;
    this.#decoder = this.#codec.createDecoder(this);
    this.#enter("open", this.platform.listen(this.#onPage));
    this.#forActive((socket) => socket.onConnection());
    this.raise("open");
    if (done) guarded(done);
    if (attempt > 0) this.raise("reconnect", attempt);
  }

  /** For the session. */
  onData(frame: string | Binary): void {
    if (this._readyState !== "open") return;
    try {
      const packet = this.#decoder?.add(frame as Frame);
      if (packet) this.onPacket(packet);
    } catch (error) {
      this.#onLoss("parse error", error as Error);
    }
  }

  /** For the session. */
  onPing(): void {
    this.#isDrowsy = false;
    this.raise("ping");
  }

  /** For the session. */
  onSessionError(error: Error): void {
    if (this._readyState === "opening") this.#onFailure(error);
    else this.#tellError(error);
  }

  /** For the session. */
  onSessionClose(reason: string, details?: CloseDetails | Error): void {
    if (this._readyState !== "opening") this.#onLoss(reason, details);
    else this.#onFailure(transportError(reason, details as CloseDetails));
  }

  /** For the decoder. */
  onPacket(packet: Packet): void {
    if (PUBLISHES) tell(this.platform.diagnostics, "packetReceived", () => ({ packet }));
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
    const attempt = this.#attempt;
    const done = this.#done;
    const turn = this.#over();
    if (PUBLISHES) {
      tell(this.platform.diagnostics, "connectionFailed", () => ({ manager: this, error }));
    }
    this.#tellError(error);
    if (done) guarded(() => done(error));
    if (attempt > 0 || !done) this.#retry(turn, attempt + 1);
    if (attempt > 0) this.raise("reconnect_error", error);
  }

  /** The connection is lost, against the user's wish as far as we know. */
  #onLoss(reason: string, details?: CloseDetails | Error): void {
    this.#retry(this.#down(reason, details), 1);
  }

  /** The connection is over. */
  #down(reason: string, details?: CloseDetails | Error): number {
    const turn = this.#over();
    if (PUBLISHES) {
      tell(this.platform.diagnostics, "connectionClosed", () => ({ manager: this, reason }));
    }
    this.#forActive((socket) => socket.onConnectionLost(reason, details));
    this.raise("close", reason, details);
    return turn;
  }

  /** Hears no more of the session, and closes it. */
  #over(): number {
    const { engine } = this;
    if (engine) {
      engine.handler = undefined;
      engine.close();
    }
    this.#attempt = 0;
    return this.#enter("closed");
  }

  #retry(turn: number, attempt: number): void {
    const { opts, platform } = this;
    // Listeners may have closed or opened it meanwhile; then it is no longer ours to retry.
    if (!opts.reconnection || turn !== this.#turn) return;
    if (attempt > opts.reconnectionAttempts) {
      this.raise("reconnect_failed");
      return;
    }
    const go = (): void => {
      if (this.#go !== go) return;
      this.raise("reconnect_attempt", attempt);
      if (this.#go === go) this.#connect();
    };
    const delay = this.#isDrowsy ? 0 : backoffDelay(opts, attempt, Math.random());
    const stopTimer = after(opts, delay, go);
    const stopListening = platform.listen(this.#onPage);
    this.#enter("closed", () => {
      stopTimer();
      stopListening();
    });
    this.#isDrowsy = false;
    this.#attempt = attempt;
    this.#go = go;
    if (PUBLISHES) {
      const scheduled = { manager: this, attempt, delay };
      tell(platform.diagnostics, "reconnectScheduled", () => scheduled);
    }
  }
}
