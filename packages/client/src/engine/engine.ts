// One session with a server: handshake, heartbeat, packets in and out, the end. Where it stands is a state of
// transition.ts. How packets travel stands in the class that extends it: racing-engine.ts. Knows nothing of namespaces and of
// reconnecting.

import { ENGINE_PACKET_TYPES, isBinary } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import { type ClientDiagnostics, PUBLISHES, tell } from "../diagnostics.ts";
import type { ClientErrorCode } from "../errors.ts";
import type { EngineOptions } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import { SafeEmitter } from "../safe-emitter.ts";
import type {
  Binary,
  Carrier,
  CloseDetails,
  OutgoingPacket,
  WriteOptions,
} from "../transports/transport.ts";
import type { Handshake } from "./handshake.ts";
import type { Session, SessionHandler } from "./session.ts";
import { ENGINE_TRANSITIONS, type EngineEvent, type EngineState } from "./transition.ts";

/** The events that both are notified of, and the handler as far as they go. */
type ToldEvent = "open" | "ping" | "close";
type Told = Record<`on${ToldEvent}`, (...details: unknown[]) => void>;

/** Where a session stands, in the words of Engine.IO. */
export type ReadyState = "opening" | "open" | "closing" | "closed";

/** One session with a server, as `manager.engine` shows it. */
export abstract class Engine extends SafeEmitter implements Session {
  /** Id of the session, a secret between client and server; `undefined` before the handshake and after the end. */
  declare id: string | undefined;
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType = "arraybuffer";
  /** Absent once the session has been released. */
  declare handler: SessionHandler | undefined;
  declare readonly opts: EngineOptions;
  /** The transport in use, or the last one. Not to be changed from outside. */
  abstract readonly transport: Carrier;
  /** Packets that have not been handed to a transport, or are on their way. */
  readonly writeBuffer: OutgoingPacket[] = [];
  /** Nothing is sent before the handshake, nor while an upgrade is being settled. */
  isSending = false;
  /** When the server counts as gone, by the wall clock; NaN before the handshake, which is never over. */
  deadline: number = Number.NaN;
  /** The diagnostics points, in builds that have them. */
  declare protected diagnostics?: ClientDiagnostics | undefined;

  #state: EngineState = "idle";
  #patienceMs!: number;
  /** Packets at the head of the buffer that are on their way. */
  #inFlight = 0;
  #stopTimer: Cancel | undefined;

  constructor(options: EngineOptions) {
    super();
    this.opts = options;
  }

  /** Begins to connect. */
  abstract start(): void;

  /** Hands packets of the buffer to the network, from that one on. Returns how many at its head are on their way now. */
  abstract transmit(from: number): number;

  /** Releases the network: nothing may arrive any more, and nothing be sent. */
  abstract stop(): void;

  get readyState(): ReadyState {
    const state = this.#state;
    // A page that was left has closed its connection silently, and listeners have not been notified yet.
    return state === "left" ? "open" : state === "idle" ? "closed" : state;
  }

  /** Begins the session. Called once. */
  open(): void {
    this.enter("open");
    this.start();
  }

  /**
   * Sends a message; the callback is called when it is handed to the transport. What is neither text nor binary is sent
   * as text.
   */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    if (onFlush) this.once("flush", onFlush);
    this.#post({
      type: "message",
      data: typeof data === "string" || isBinary(data) ? data : `${data || ""}`,
      options: options?.compress === undefined ? { compress: true, ...options } : options,
    });
    return this;
  }

  /** The same as `send`. */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    return this.send(data, options, onFlush);
  }

  /** Sends what is waiting, finishes an upgrade that is under way, then closes. */
  close(): this {
    if (this.enter("drain")) this.flush();
    else if (this.#state !== "closing") this.#finish("forced close");
    return this;
  }

  /** Whether the server should have sent a ping by now, by the wall clock, because timers may be late. If so, the session is about to close. */
  hasPingExpired(): boolean {
    const isOverdue = Date.now() > this.deadline;
    if (isOverdue) queueMicrotask(this.#expire);
    return isOverdue;
  }

  /** What happens to the page, or to the machine under it, may end the session. */
  onPage({ type, persisted }: PageEvent): void {
    if (Date.now() > this.deadline) this.#expire();
    // The browser has cut the connections of a page that it kept for going back.
    else if (persisted || (type === "offline" && this.opts.hostname !== "localhost")) {
      this.#finish("transport close", { description: "network connection lost" });
    }
  }

  /** Follows the table; returns the state that the event has led to, if it has led to another one. */
  enter(event: EngineEvent): EngineState | undefined {
    const next = ENGINE_TRANSITIONS[this.#state][event];
    if (next) this.#state = next;
    return next;
  }

  #post(packet: OutgoingPacket): void {
    if (this.#state !== "open" && this.#state !== "opening") return;
    this.raise("packetCreate", packet);
    this.writeBuffer.push(packet);
    this.flush();
  }

  /** Sends what may be sent now; closes when that was all that `close` has waited for. */
  flush(): void {
    const { length } = this.writeBuffer;
    if (!this.isSending) return;
    const inFlight = this.#inFlight;
    // What is in flight is not empty when polling asks for more.
    if (length > inFlight && this.transport.writable) {
      this.#inFlight = this.transmit(inFlight);
      if (this.#inFlight > inFlight) this.raise("flush");
    } else if (!length && this.#state === "closing") this.#finish("forced close");
  }

  /** What was handed to the network is on its way. */
  protected drained(): void {
    this.writeBuffer.splice(0, this.#inFlight);
    this.#inFlight = 0;
    if (!this.writeBuffer.length) this.raise("drain");
    this.flush();
  }

  /** One frame arrived. */
  onFrame(frame: string | Binary): void {
    const isText = typeof frame === "string";
    // An array has no member with a name of one letter that is no digit.
    const type = isText ? ENGINE_PACKET_TYPES[frame[0] as unknown as number] : "message";
    const data = isText ? frame.slice(1) : frame;
    if (!type) {
      this.#refuse("parser error");
      return;
    }
    this.raise("packet", { type, data: data || undefined });
    this.raise("heartbeat");
    if (type === "message") {
      this.handler?.onmessage(data);
      this.raise("data", data);
      this.raise("message", data);
    } else if (type === "ping") {
      this.#post({ type: "pong" });
      this.#tell("ping");
      this.#watch();
      this.raise("pong");
    } else if (type === "open") {
      let handshake = {} as Handshake;
      try {
        handshake = JSON.parse(data as string) ?? handshake;
      } catch {}
      const patienceMs = handshake.pingInterval + handshake.pingTimeout;
      if (!(patienceMs > 0)) this.#refuse("invalid handshake");
      else if (this.#state === "opening") {
        this.#patienceMs = patienceMs;
        this.greet(handshake);
      }
    }
    // A noop only ends a poll, and so does a close; the other types have no meaning for a client.
  }

  /** Takes the server's handshake: the session is open. */
  greet(handshake: Handshake): void {
    const { sid } = handshake;
    if (PUBLISHES) {
      const transport = this.transport.name;
      tell(this.diagnostics, "sessionOpened", () => ({ transport, sid }));
    }
    this.raise("handshake", handshake);
    // Listeners may have closed it; then it never was open.
    if (!this.enter("opened")) return;
    this.id = sid;
    this.isSending = true;
    this.#watch();
    this.#tell("open");
    this.flush();
  }

  readonly #expire = (): void => this.#finish("ping timeout");

  #watch(): void {
    this.#stopTimer?.();
    this.deadline = Date.now() + this.#patienceMs;
    this.#stopTimer = after(this.#patienceMs, this.#expire, this.opts);
  }

  /** The server sent what no server sends. */
  #refuse(code: ClientErrorCode): void {
    this.fail(Object.assign(new Error("server error"), { code }));
  }

  /** The connection has ended without a failure. */
  lost(details: CloseDetails): void {
    this.#finish("transport close", details);
  }

  /** The network failed. */
  fail(error: Error): void {
    if (this.#state === "closed") return;
    if (PUBLISHES) {
      const failed = { transport: this.transport.name, error };
      tell(this.diagnostics, "transportFailed", () => failed);
    }
    this.raise("error", error);
    this.#finish("transport error", error);
  }

  /** The one way out: everything is released first, then the end is notified. */
  #finish(reason: string, details?: CloseDetails | Error): void {
    if (!this.enter("end")) return;
    this.release();
    this.#tell("close", reason, details);
    // Readable in the listeners until now, as users of Socket.IO expect.
    this.writeBuffer.length = 0;
  }

  /** Notifies the handler, then the listeners of users. */
  #tell(event: ToldEvent, ...details: unknown[]): void {
    (this.handler as Told | undefined)?.[`on${event}`](...details);
    this.raise(event, ...details);
  }

  /** Forgets the session. */
  release(): void {
    this.stop();
    this.#stopTimer?.();
    this.id = undefined;
  }
}
