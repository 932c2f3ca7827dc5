// One connection to a server, kept up over successive sessions, and shared by the sockets of its namespaces.
// Knows nothing of transports and acknowledgements. Where it stands is a state of manager-transition.ts; `#enter` is the
// only way from one status to another.

import type { Listener } from "@sockeye/events";
import type { Codec, Frame, Packet, PacketDecoder, PacketReceiver } from "@sockeye/protocol";
import { after, type Cancel, type Host } from "./clock.ts";
import { PUBLISHES, tell } from "./diagnostics.ts";
import type { Session, SessionHandler } from "./engine/session.ts";
import { clientError } from "./errors.ts";
import { explain } from "./hints/explain.ts";
import {
  ended,
  IDLE,
  type ManagerState,
  opened,
  opening,
  pinged,
  resumed,
  retried,
} from "./manager-transition.ts";
import { type ManagerOptions, SETTINGS, type Settings, type SocketOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { guarded, SafeEmitter } from "./safe-emitter.ts";
import type { Socket } from "./socket.ts";
import type { SentPacket } from "./socket-manager.ts";
import type { Advice, Status } from "./status.ts";
import { type Binary, type CloseDetails, transportError } from "./transports/transport.ts";
import { namesHost } from "./url.ts";

/** The options of a manager with their defaults filled in. */
export type ResolvedOptions = ManagerOptions & Settings;

/** Called once an explicitly asked-for connection is open, or has failed. */
export type OpenCallback = (error?: Error) => void;

/** Reads a setting, or sets it and returns the manager. */
type Accessor<Value> = (value?: Value) => unknown;

/** Keeps a connection to a server. */
export class Manager extends SafeEmitter implements SessionHandler, PacketReceiver {
  /** The session in use, or the last one. */
  declare engine: Session | undefined;
  /** Read anew for every connection that is made; may be changed. */
  declare readonly opts: ResolvedOptions;
  /** For sockets. */
  declare readonly platform: Platform;
  /** The wire form. */
  declare readonly codec: Codec;
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
  /** Who has asked for the attempt that is under way, to be called once. */
  #done: OpenCallback | undefined;
  #decoder: PacketDecoder | undefined;
  /** By the name of the namespace. */
  readonly sockets: Record<string, Socket> = Object.create(null);
  /** The active ones, in the order in which they became so. A set, so that leaving takes the same time however many are left. */
  readonly #active: Set<Socket> = new Set();

  /**
   * @param uri address of the server; the page's own origin when `undefined`
   * @throws TypeError for an address or an option that cannot be right
   */
  constructor(uri: string | undefined, options: ManagerOptions, platform: Platform) {
    super();
    const opts: Record<string, unknown> = {
      ...options,
      path: options.path || "/socket.io",
      ...platform.addressOf(uri, options),
    };
    // A module of a page that is loaded to render it connects to nothing, and must not keep the process from ending.
    if ((globalThis as Host).process && !platform.pageLocation && !namesHost(uri, options)) {
      opts["autoUnref"] ??= true;
    }
    this.opts = opts as unknown as ResolvedOptions;
    this.platform = platform;
    this.codec = platform.codecFor(platform.checked(options));
    for (const [name, usual] of Object.entries(SETTINGS)) {
      const given = opts[name];
      // Zero attempts or no delay mean the default, as with Socket.IO.
      if (given == null || (given === 0 && name.startsWith("reconnection"))) opts[name] = usual;
      const access: Accessor<unknown> = (value) => {
        if (value === undefined) return opts[name];
        opts[name] = value;
        // Nothing is waited for any more when reconnection has been switched off.
        if (!opts["reconnection"] && this.#state.state === "waiting") {
          this.#enter(ended(this.#state, "reconnection is off", "connect"));
        }
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
    const { state } = this.#state;
    return state === "open" ? state : state === "connecting" ? "opening" : "closed";
  }

  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: OpenCallback): this {
    if (this._readyState === "closed") {
      this.#done = done;
      this.#enter(opening(this.#state, Date.now()));
    }
    return this;
  }

  /** The same as `open`. */
  connect(done?: OpenCallback): this {
    return this.open(done);
  }

  /** The socket of a namespace; always the same one. An inactive one is connected again. */
  socket(nsp: string, options: SocketOptions = {}): Socket {
    const { platform, sockets } = this;
    sockets[nsp] ??= new platform.socketClass(this, nsp, platform.checked(options));
    const socket = sockets[nsp];
    if (this.opts.autoConnect !== false && !socket.active) socket.connect();
    return socket;
  }

  /** Ends the connection, and reconnecting. The reason is `"forced close"`. */
  close(): void {
    this.onclose("forced close", undefined, "none");
  }

  /** For sockets: one wants to join its namespace. Connects, unless that is under way or about to happen. */
  wake(socket: Socket): void {
    const { state } = this.#state;
    this.#active.add(socket);
    if (state === "open") socket.onopen();
    else if (state !== "waiting") this.open();
  }

  /** For sockets: sends a packet; dropped when not connected. Throws when it cannot be encoded. */
  send(packet: SentPacket): void {
    if (this.#state.state !== "open") return;
    const frames = this.codec.encode(packet);
    if (PUBLISHES) tell(this.platform.diagnostics, "packetSent", () => ({ packet }));
    for (const frame of ([] as Frame[]).concat(frames)) this.engine?.send(frame, packet.options);
  }

  /** For sockets: one has become inactive. Without an active one, the connection ends. */
  release(socket: Socket): void {
    this.#active.delete(socket);
    if (!this.#active.size) this.close();
  }

  /** Takes the next state, and does what belongs to its status if that is a new one. */
  #enter(next: ManagerState): void {
    const { engine, opts } = this;
    const { timeout } = opts;
    const from = this.status;
    const { advice, attempt, state, status, waitMs } = next;
    this.#state = next;
    if (status === from) return;
    if (PUBLISHES) {
      const change = { manager: this, from: from.state, to: state };
      tell(this.platform.diagnostics, "statusChanged", () => change);
    }
    this.#stopTimer?.();
    if (advice && !attempt) this.#stopListening = void this.#stopListening?.();
    else
      this.#stopListening ??= this.platform.listen((event) => {
        this.engine?.onPage(event);
        // The network or the page is back: there is no point in waiting any longer, nor when the loss shows only now.
        const { type } = event;
        if (type !== "offline") {
          this.#enter(
            resumed(this.#state, this.opts, { now: Date.now(), isNetwork: type === "online" }),
          );
        }
      });
    if (engine && state !== "open") {
      engine.handler = undefined;
      engine.close();
    }
    if (state === "connecting") {
      this.engine = this.platform.createSession(opts);
      this.engine.handler = this;
      if (timeout !== false) {
        this.#stopTimer = after(
          timeout,
          () => this.onclose("timeout", clientError("ERR_CONNECT_TIMEOUT", "timeout")),
          opts,
        );
      }
      this.engine.open();
    }
    if (waitMs !== undefined) {
      const go = (): void => {
        this.raise("reconnect_attempt", attempt);
        if (this.status === status) this.open();
      };
      if (PUBLISHES) {
        const scheduled = { manager: this, attempt, delay: waitMs };
        tell(this.platform.diagnostics, "reconnectScheduled", () => scheduled);
      }
      if (waitMs > 0) this.#stopTimer = after(waitMs, go, opts);
      else go();
    }
    // A status that only lasts while listeners are notified of a loss is not announced: they could not act on it.
    if (this.status !== status || advice === "wait") return;
    this.raise("status", status);
    this.#forActive((socket) => socket.raiseStatus());
    // No attempt is left.
    if (advice && attempt) this.raise("reconnect_failed");
  }

  /** For the session. */
  onopen(): void {
    const { attempt, state } = this.#state;
    const done = this.#done;
    this.#done = undefined;
    this.#decoder = this.codec.createDecoder(this);
    this.onupgrade();
    this.#forActive((socket) => socket.onopen());
    // A session whose WebSocket carried nothing begins again over another transport.
    if (state === "open") return;
    this.raise("open");
    if (done) guarded(done);
    if (attempt > 0) this.raise("reconnect", attempt);
  }

  /** For the session. */
  onupgrade(): void {
    this.#enter(opened(this.engine?.transport.name as string));
  }

  /** For the session. */
  onmessage(frame: string | Binary): void {
    if (this.#state.state !== "open") return;
    try {
      const packet = this.#decoder?.add(frame as Frame);
      if (packet) this.onPacket(packet);
    } catch (error) {
      this.onclose("parse error", error as Error);
    }
  }

  /** For the session. */
  onping(): void {
    this.#enter(pinged(this.#state));
    this.raise("ping");
  }

  /** For the decoder. */
  onPacket(packet: Packet): void {
    if (PUBLISHES) tell(this.platform.diagnostics, "packetReceived", () => ({ packet }));
    // Some decoders call this before they return: what fails here is no fault of the packet.
    guarded(() => {
      const socket = this.sockets[packet.nsp];
      if (socket?.active) socket.onPacket(packet);
    });
    this.raise("packet", packet);
  }

  /** Listeners may make further sockets meanwhile, which have not seen what is notified here. */
  #forActive(notify: (socket: Socket) => void): void {
    for (const socket of [...this.#active]) if (socket.active) notify(socket);
  }

  /**
   * For the session. The one way down, after a failed attempt and a loss as well as by `close()`: the session is released
   * first, then its end is notified.
   */
  onclose(reason: string, details?: CloseDetails | Error, advice: Advice = "wait"): void {
    const { attempt, state } = this.#state;
    const done = this.#done;
    this.#done = undefined;
    const isAttempt = advice === "wait" && state === "connecting";
    if (PUBLISHES) explain(details, this.opts);
    // What the transport says goes before what the session makes of it.
    const error = details instanceof Error ? details : transportError(reason, details);
    this.#enter(
      ended(
        this.#state,
        isAttempt ? error.message : reason,
        isAttempt && done && !attempt ? "connect" : advice,
      ),
    );
    const down = this.status;
    if (PUBLISHES && isAttempt) {
      tell(this.platform.diagnostics, "connectionFailed", () => ({ manager: this, error }));
    }
    if (isAttempt || reason === "transport error") {
      this.#forActive((socket) => socket.onerror(error));
      this.raise("error", error);
    }
    if (isAttempt) {
      if (done) guarded(done as Listener, error);
    } else if (this.status === down) {
      if (PUBLISHES) {
        tell(this.platform.diagnostics, "connectionClosed", () => ({ manager: this, reason }));
      }
      this.#forActive((socket) => socket.onclose(reason, details));
      this.raise("close", reason, details);
    }
    // Listeners may have closed or opened it meanwhile; then it is no longer ours to retry.
    if (this.status === down) {
      this.#enter(retried(this.#state, this.opts, { now: Date.now(), random: Math.random() }));
    }
    if (isAttempt && attempt > 0) this.raise("reconnect_error", error);
  }
}
