// `socket.conn`: the connection with the members and events that Socket.IO's has. Made on first access;
// from then on it observes the connection, which costs nothing to those who never asked.

import type {
  Closing,
  Connection,
  ConnectionObserver,
  RequestHead,
  Transport,
} from "@sockeye/engine";
import { Emitter } from "@sockeye/events";
import { BASE64_CODE, decodeEnginePacket, type EnginePacket, type Frame } from "@sockeye/protocol";
import type { UserCode } from "./user-code.ts";

/** The transport in use, as far as applications look at it. */
export interface TransportFace {
  readonly name: string;
  /** Whether a message sent now would leave at once; `volatile` asks the same. */
  readonly writable: boolean;
}

/**
 * An engine connection. Raises `packet`, `packetCreate`, `data`, `message`, `heartbeat`, `upgrading`, `upgrade`,
 * `drain` and `close`.
 */
export class ConnectionFace extends Emitter implements ConnectionObserver {
  readonly #connection: Connection;
  readonly #userCode: UserCode;
  #upgraded = false;

  constructor(connection: Connection, userCode: UserCode) {
    super();
    this.#connection = connection;
    this.#userCode = userCode;
    connection.observer = this;
  }

  /** The session id. Secret: whoever knows it can speak for the peer over polling. */
  get id(): string {
    return this.#connection.id;
  }

  /** Revision of the Engine.IO protocol. */
  get protocol(): 3 | 4 {
    return this.#connection.revision;
  }

  get request(): unknown {
    return this.#head.native;
  }

  get remoteAddress(): string {
    return this.#head.remoteAddress;
  }

  get transport(): TransportFace {
    const { transport } = this.#connection;
    return { name: transport?.name ?? "closed", writable: this.#connection.isWritable() };
  }

  get readyState(): "open" | "closing" | "closed" {
    return this.#connection.readyState;
  }

  get upgrading(): boolean {
    return this.#connection.isUpgrading;
  }

  /** Whether the connection began on another transport than it is on now. */
  get upgraded(): boolean {
    return this.#upgraded;
  }

  /** Bytes accepted that have not left yet. */
  get bufferedAmount(): number {
    return this.#connection.queuedBytes;
  }

  /** Sends an engine message, past Socket.IO's encoding; compressed where that is on, unless `compress` is false. */
  send(data: Frame, options: { readonly compress?: boolean } = {}): this {
    // A copy of bytes, because the caller may go on to use its buffer.
    const frame = typeof data === "string" ? data : new Uint8Array(data);
    this.#connection.send(frame, options.compress !== false);
    return this;
  }

  /** The same as `send`. */
  write(data: Frame, options: { readonly compress?: boolean } = {}): this {
    return this.send(data, options);
  }

  /** Closes the connection; with `discard`, without waiting for what is queued. */
  close(discard = false): void {
    this.#connection.close(discard ? "discard" : "flush");
  }

  onPacket(frame: Frame): void {
    const packet = decodeOrNull(frame);
    if (packet === null) return;
    this.#raise("packet", [packet]);
    if (packet.type !== "message") return;
    this.#raise("data", [packet.data]);
    this.#raise("message", [packet.data]);
  }

  onPacketCreate(frame: Frame): void {
    const packet = decodeOrNull(frame);
    if (packet !== null) this.#raise("packetCreate", [packet]);
  }

  onHeartbeat(): void {
    this.#raise("heartbeat", []);
  }

  onUpgrading(transport: Transport): void {
    this.#raise("upgrading", [{ name: transport.name }]);
  }

  onUpgrade(transport: Transport): void {
    this.#upgraded = true;
    this.#raise("upgrade", [{ name: transport.name }]);
  }

  onDrain(): void {
    this.#raise("drain", []);
  }

  /** The connection has ended. */
  onClose(closing: Closing): void {
    this.#raise("close", [closing.reason, closing.error]);
  }

  get #head(): RequestHead {
    return this.#connection.request;
  }

  #raise(event: string, args: readonly unknown[]): void {
    this.#userCode.raise(this.listenersByEvent, args, { target: this, socket: null, event });
  }
}

/** Broken frames are the connection's business: here they are not seen. */
function decodeOrNull(frame: Frame): EnginePacket | null {
  if (typeof frame === "string") {
    const code = frame.charCodeAt(0);
    if (!(code >= 0x30 && code <= 0x36) && code !== BASE64_CODE) return null;
  }
  try {
    return decodeEnginePacket(frame);
  } catch {
    return null;
  }
}
