// What every Engine.IO session does, whatever carries its packets: handshake, heartbeat, packets in, the end.
// Knows nothing of namespaces and of reconnecting.

import { ENGINE_PACKET_TYPES, type EnginePacketType } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import type { EngineOptions } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import { SafeEmitter } from "../safe-emitter.ts";
import type {
  Binary,
  CloseDetails,
  OutgoingPacket,
  Transport,
  WriteOptions,
} from "../transports/transport.ts";

/** Who is told first what happens to a session, before the listeners of users. */
export interface SessionHandler {
  onSessionOpen(): void;
  onData(data: string | Binary): void;
  onPing(): void;
  onSessionError(error: Error): void;
  onSessionClose(reason: string, details?: CloseDetails | Error): void;
}

/** Where a session stands. */
export type ReadyState = "opening" | "open" | "closing" | "closed";

/** What the server says at the beginning. */
export interface Handshake {
  readonly sid: string;
  readonly upgrades: readonly string[];
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly maxPayload: number;
}

/** One session with a server. */
export abstract class Session extends SafeEmitter {
  /** Id of the session, a secret between client and server; `undefined` before the handshake and after the end. */
  id: string | undefined;
  /** Where the session stands. Not to be changed from outside. */
  readyState: ReadyState = "closed";
  /** Told first; nobody once the session has been let go. */
  handler: SessionHandler | undefined;
  readonly opts: EngineOptions;
  /** When the server counts as gone, by the wall clock. */
  protected deadline: number = Number.POSITIVE_INFINITY;
  #patienceMs!: number;
  #stopTimer: Cancel | undefined;

  constructor(options: EngineOptions) {
    super();
    this.opts = options;
  }

  /** What carries the packets, or did so last. */
  abstract get transport(): Pick<Transport, "name" | "writable"> | undefined;

  /** Sends a message; the callback is called when it is handed on. */
  abstract send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this;

  /** Ends the session; what was sent before still goes out. */
  abstract close(): this;

  /** Begins to connect. */
  protected abstract dial(): void;

  /** Sends a packet, as soon as that is possible. */
  protected abstract post(packet: OutgoingPacket): void;

  /** Lets go of the network. Nothing may arrive from it any more. */
  protected abstract hangUp(cause?: string): void;

  /** Begins the session. Called once. */
  open(): void {
    this.readyState = "opening";
    this.dial();
  }

  protected isOpen(): boolean {
    return this.readyState === "open";
  }

  /** Whether the server should have sent a ping by now, whatever the timers say. If so, the session is about to close. */
  hasPingExpired(): boolean {
    const hasExpired = Date.now() > this.deadline;
    if (hasExpired) queueMicrotask(() => this.finish("ping timeout"));
    return hasExpired;
  }

  /** What happens to the page, or to the machine under it, may end the session. */
  onPage({ type, persisted }: PageEvent): void {
    const isOffline = type === "offline" && this.opts.hostname !== "localhost";
    if (Date.now() > this.deadline) this.finish("ping timeout");
    // The browser has cut the connections of a page that it kept for going back.
    else if (persisted || isOffline) {
      this.finish("transport close", { description: "network connection lost" });
    }
  }

  /** Takes a frame that arrived. */
  protected receive(frame: string | Binary): void {
    if (typeof frame !== "string") this.handle("message", frame);
    // An array has no member with a name of one letter that is no digit.
    else this.handle(ENGINE_PACKET_TYPES[frame[0] as unknown as number], frame.slice(1));
  }

  /** Takes a packet that arrived; it has no type when it is none. */
  protected handle(type: EnginePacketType | undefined, data: string | Binary): void {
    if (!type) this.#refuse("parser error");
    else if (type === "open") this.#begin(data as string);
    else if (type === "ping") {
      this.post({ type: "pong" });
      this.handler?.onPing();
      this.raise("ping");
      this.#watch();
    } else if (type === "message") {
      this.handler?.onData(data);
      this.raise("data", data);
    }
    // A noop only ends a poll, and so does a close; the other types have no meaning for a client.
  }

  #begin(text: string): void {
    const handshake = readHandshake(text);
    if (!handshake) this.#refuse("invalid handshake");
    else if (this.readyState === "opening") this.greet(handshake);
  }

  /** Takes the server's handshake: the session is open. */
  protected greet({ sid, pingInterval, pingTimeout }: Handshake): void {
    this.id = sid;
    this.readyState = "open";
    this.#patienceMs = pingInterval + pingTimeout;
    this.#watch();
    this.handler?.onSessionOpen();
    this.raise("open");
  }

  #watch(): void {
    this.#stopTimer?.();
    this.deadline = Date.now() + this.#patienceMs;
    this.#stopTimer = after(this.opts, this.#patienceMs, () => this.finish("ping timeout"));
  }

  /** The server sent what no server sends. */
  #refuse(code: string): void {
    this.fail(Object.assign(new Error("server error"), { code }));
  }

  /** The network failed. */
  protected fail(error: Error): void {
    if (this.readyState === "closed") return;
    this.handler?.onSessionError(error);
    this.raise("error", error);
    this.finish("transport error", error);
  }

  /** The one way out: everything is let go first, then the end is told. */
  protected finish(reason: string, details?: CloseDetails | Error): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.hangUp("socket closed");
    this.#stopTimer?.();
    this.deadline = Number.POSITIVE_INFINITY;
    this.id = undefined;
    this.handler?.onSessionClose(reason, details);
    this.raise("close", reason, details);
  }
}

function readHandshake(text: string): Handshake | undefined {
  try {
    const handshake = JSON.parse(text) as Handshake;
    return handshake.pingInterval + handshake.pingTimeout > 0 ? handshake : undefined;
  } catch {
    return undefined;
  }
}
