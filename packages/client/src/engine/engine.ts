// One session with a server: handshake, heartbeat, packets in and out, the end. How packets travel it leaves to a link;
// where it stands is a state of transition.ts. Knows nothing of namespaces and of reconnecting.

import { ENGINE_PACKET_TYPES, type EnginePacketType, isBinary } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import { type ClientDiagnostics, PUBLISHES, tell } from "../diagnostics.ts";
import { type ClientErrorCode, clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import { SafeEmitter } from "../safe-emitter.ts";
import type {
  Binary,
  CloseDetails,
  OutgoingPacket,
  Transport,
  WriteOptions,
} from "../transports/transport.ts";
import type { EnginePlatform } from "./engine-platform.ts";
import { type Handshake, readHandshake } from "./handshake.ts";
import type { Link, LinkHost } from "./link.ts";
import { sessionUrl } from "./session-url.ts";
import { ENGINE_TRANSITIONS, type EngineEvent, type EngineState } from "./transition.ts";

/** Who is notified first of what happens to a session, before the listeners of users. */
export interface SessionHandler {
  onSessionOpen(): void;
  /** The session has moved to a better transport. */
  onSessionMoved(): void;
  onData(data: string | Binary): void;
  onPing(): void;
  onSessionClose(reason: string, details?: CloseDetails | Error): void;
}

/** Where a session stands, in the words of Engine.IO. */
export type ReadyState = "opening" | "open" | "closing" | "closed";

/** How long it may take to begin a session again over another transport: the default of the manager's `timeout`. */
const RESTART_MS = 20_000;

/** One session with a server, as `manager.engine` shows it. */
export class Engine extends SafeEmitter implements LinkHost {
  /** Id of the session, a secret between client and server; `undefined` before the handshake and after the end. */
  id: string | undefined;
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType: string;
  /** Nobody once the session has been released. */
  handler: SessionHandler | undefined;
  readonly opts: EngineOptions;
  readonly diagnostics: ClientDiagnostics | undefined;

  readonly #platform: EnginePlatform;
  readonly #link: Link;
  #state: EngineState = "idle";
  /** When the server counts as gone, by the wall clock. */
  #deadline: number = Number.POSITIVE_INFINITY;
  #patienceMs = 0;
  #stopTimer: Cancel | undefined;
  #stopListening: Cancel | undefined;

  /** @throws Error when the options contradict each other */
  constructor(options: EngineOptions, platform: EnginePlatform) {
    super();
    this.opts = platform.prepare?.(options) ?? options;
    this.binaryType = platform.binaryType;
    this.#platform = platform;
    this.diagnostics = platform.diagnostics;
    this.#link = platform.createLink(this);
  }

  /** The transport in use, or the last one. Not to be changed from outside. */
  get transport(): Transport | undefined {
    return this.#link.transport;
  }

  /** Packets that have not been handed to a transport, or are on their way. */
  get writeBuffer(): OutgoingPacket[] {
    return this.#link.writeBuffer;
  }

  get readyState(): ReadyState {
    const state = this.#state;
    // A page that was left has closed its connection silently, and nobody has been told yet.
    return state === "left" ? "open" : state === "idle" ? "closed" : state;
  }

  /** Begins the session. Called once. */
  open(): void {
    this.#enter("open");
    this.#stopListening = this.#platform.onUnload?.(({ persisted }) => {
      // Closes silently. If the page is restored from the back-forward cache, the session is already gone, and the
      // client reconnects; otherwise the server would keep a ghost connection until the ping timeout. A server that is
      // not being polled at this moment does not notice that a page is gone, unless it is told.
      const isUnseen = persisted || this.transport?.name === "polling";
      if ((this.opts.closeOnBeforeunload || isUnseen) && this.#enter("leave")) this.#link.stop();
    });
    this.#link.start();
  }

  /**
   * Sends a message; the callback is called when it is handed to the transport. What is neither text nor binary is sent
   * as text.
   */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    if (onFlush) this.once("flush", onFlush);
    const plain = typeof data === "string" || isBinary(data) ? data : `${data || ""}`;
    const isComplete = options?.compress !== undefined;
    const complete = isComplete ? options : { compress: true, ...options };
    this.#post({ type: "message", data: plain, options: complete });
    return this;
  }

  /** The same as `send`. */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    return this.send(data, options, onFlush);
  }

  /** Sends what is waiting, finishes an upgrade that is under way, then closes. */
  close(): this {
    if (this.#state === "open" && this.#link.drain()) this.#enter("drain");
    else if (this.#state !== "closing") this.#finish("forced close");
    return this;
  }

  /** Whether the server should have sent a ping by now, whatever the timers say. If so, the session is about to close. */
  hasPingExpired(): boolean {
    const isOverdue = this.#isOverdue();
    if (isOverdue) queueMicrotask(() => this.#finish("ping timeout"));
    return isOverdue;
  }

  /** What happens to the page, or to the machine under it, may end the session. */
  onPage({ type, persisted }: PageEvent): void {
    const isOffline = type === "offline" && this.opts.hostname !== "localhost";
    if (this.#isOverdue()) this.#finish("ping timeout");
    // The browser has cut the connections of a page that it kept for going back.
    else if (persisted || isOffline) {
      this.#finish("transport close", { description: "network connection lost" });
    }
  }

  #isOverdue(): boolean {
    return this.#state === "left" || Date.now() > this.#deadline;
  }

  /** Follows the table; returns whether the event changed anything. */
  #enter(event: EngineEvent): boolean {
    const next = ENGINE_TRANSITIONS[this.#state][event];
    if (next) this.#state = next;
    return next !== undefined;
  }

  /** For the link: makes a transport of this session; it is not begun. */
  create(Class: TransportClass): Transport {
    const { name } = Class.prototype;
    const { opts } = this;
    const options = { ...opts, ...opts.transportOptions?.[name] };
    return new Class({
      options,
      url: (scheme) => {
        const { id } = this;
        const more = this.#platform.parametersFor?.(options, scheme, id);
        return sessionUrl(options, scheme, { transport: name, ...(id && { sid: id }), ...more });
      },
      binaryType: () => this.binaryType,
    });
  }

  #post(packet: OutgoingPacket): void {
    if (this.#state !== "open" && this.#state !== "opening") return;
    this.raise("packetCreate", packet);
    this.#link.send(packet);
  }

  /** For the link. */
  onFrame(frame: string | Binary): void {
    if (typeof frame !== "string") this.#handle("message", frame);
    // An array has no member with a name of one letter that is no digit.
    else this.#handle(ENGINE_PACKET_TYPES[frame[0] as unknown as number], frame.slice(1));
  }

  /** Takes a packet that arrived; it has no type when it is none. */
  #handle(type: EnginePacketType | undefined, data: string | Binary): void {
    if (!type) {
      this.#refuse("parser error");
      return;
    }
    this.raise("packet", { type, data: data || undefined });
    this.raise("heartbeat");
    if (type === "open") this.#begin(data as string);
    else if (type === "ping") {
      this.#post({ type: "pong" });
      this.handler?.onPing();
      this.raise("ping");
      this.#watch();
      this.raise("pong");
    } else if (type === "message") {
      this.#link.proven?.();
      this.handler?.onData(data);
      this.raise("data", data);
      this.raise("message", data);
    }
    // A noop only ends a poll, and so does a close; the other types have no meaning for a client.
  }

  #begin(text: string): void {
    const handshake = readHandshake(text);
    if (!handshake) this.#refuse("invalid handshake");
    else if (this.#state === "opening") this.#greet(handshake);
  }

  /** Takes the server's handshake: the session is open. */
  #greet(handshake: Handshake): void {
    const { sid, pingInterval, pingTimeout } = handshake;
    if (PUBLISHES) {
      const transport = this.transport?.name as string;
      tell(this.diagnostics, "sessionOpened", () => ({ transport, sid }));
    }
    this.raise("handshake", handshake);
    // Listeners may have closed it; then it never was open.
    if (!this.#enter("opened")) return;
    this.id = sid;
    this.#patienceMs = pingInterval + pingTimeout;
    this.#watch();
    this.#link.opened(handshake);
    this.handler?.onSessionOpen();
    this.raise("open");
    if (this.#state === "open") this.#link.upgrade(handshake);
  }

  /** For the link: what `drain` has waited for is over. */
  drained(): void {
    this.#finish("forced close");
  }

  /** For the link: the session has moved to another transport. */
  moved(): void {
    this.handler?.onSessionMoved();
  }

  /** For the link. */
  onClose(details: CloseDetails): void {
    this.#finish("transport close", details);
  }

  /** For the link: the WebSocket has not carried what was sent. */
  restart(): void {
    if (!this.#enter("restart")) return;
    this.#release();
    this.writeBuffer.length = 0;
    // The manager has seen the session open, and no longer limits how long that takes.
    this.#stopTimer = after(this.opts, RESTART_MS, () =>
      this.onError(clientError("ERR_CONNECT_TIMEOUT", "timeout")),
    );
    this.#link.start();
  }

  #watch(): void {
    this.#stopTimer?.();
    this.#deadline = Date.now() + this.#patienceMs;
    this.#stopTimer = after(this.opts, this.#patienceMs, () => this.#finish("ping timeout"));
  }

  /** The server sent what no server sends. */
  #refuse(code: ClientErrorCode): void {
    this.onError(Object.assign(new Error("server error"), { code }));
  }

  /** For the link: the network failed. */
  onError(cause: Error): void {
    if (this.#state === "closed") return;
    if (PUBLISHES) {
      const failed = { transport: this.transport?.name, error: cause };
      tell(this.diagnostics, "transportFailed", () => failed);
    }
    const link = this.#link;
    const error = link.failed ? link.failed(cause, this.#state === "opening") : cause;
    if (!error) return;
    this.raise("error", error);
    this.#finish("transport error", error);
  }

  /** The one way out: everything is released first, then the end is notified. */
  #finish(reason: string, details?: CloseDetails | Error): void {
    if (!this.#enter("end")) return;
    this.#stopListening?.();
    this.#release("socket closed");
    this.handler?.onSessionClose(reason, details);
    this.raise("close", reason, details);
    // Readable in the listeners until now, as users of Socket.IO expect.
    this.writeBuffer.length = 0;
  }

  #release(cause?: string): void {
    this.#link.stop(cause);
    this.#stopTimer?.();
    this.#deadline = Number.POSITIVE_INFINITY;
    this.id = undefined;
  }
}
