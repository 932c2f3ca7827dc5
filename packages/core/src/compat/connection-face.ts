// `socket.conn`: a connection with the members and events of Socket.IO's. Created on first access. It observes packets
// only from the first packet listener on, and is free for connections without one.

import type {
  Closing,
  Connection,
  ConnectionObserver,
  ReplyHeaders,
  RequestHead,
  Transport,
} from "@sockeye/engine";
import { parseQuery } from "@sockeye/engine";
import { Emitter, type EventKey, type Listener } from "@sockeye/events";
import { bytesIn, decodeEnginePacket, type Frame } from "@sockeye/protocol";
import type { UserCode } from "../base/user-code.ts";
import {
  type JournalOwner,
  SendJournal,
  type SentCallback,
  type SentPacket,
} from "./send-journal.ts";
import { TransportFace } from "./transport-face.ts";

/** Options of `send`. */
export interface SendOptions {
  /** Whether the message may be compressed, where compression was negotiated. Default `true`. */
  readonly compress?: boolean;
}

/** Notified of sent packets, for the engine's events `flush` and `drain`. */
export interface FlushListener {
  onFlush(face: ConnectionFace, packets: readonly SentPacket[]): void;
  onDrain(face: ConnectionFace): void;
}

/** A server of connections, as applications see it. */
export interface ConnectionOwner {
  /** Its connections by session id. */
  readonly clients: Readonly<Record<string, unknown>>;
}

// By what they share: the connections of one server know their user code, and a server may have several engines.
const owners = new WeakMap<UserCode, ConnectionOwner[]>();

/** Registers an engine, to be found by `conn.server`. */
export function registerOwner(owner: ConnectionOwner, userCode: UserCode): void {
  owners.set(userCode, [...(owners.get(userCode) ?? []), owner]);
}

/** An invalid packet. */
interface BrokenPacket {
  readonly type: "error";
  readonly data: string;
}

const PACKET_EVENTS: ReadonlySet<EventKey> = new Set([
  ...["packet", "packetCreate", "data", "message", "flush", "drain"],
]);

/**
 * An engine connection. Raises `packet`, `packetCreate`, `data`, `message`, `heartbeat`, `upgrading`, `upgrade`,
 * `flush`, `drain` and `close`.
 */
export class ConnectionFace extends Emitter implements ConnectionObserver, JournalOwner {
  readonly #connection: Connection;
  readonly #userCode: UserCode;
  #transport: TransportFace;
  /** The candidate transport of an upgrade. */
  #candidate: TransportFace | null = null;
  #isUpgraded: boolean;
  #isClosing = false;
  /** Present once there is a packet listener. */
  #journal: SendJournal | null = null;
  #flushListener: FlushListener | null = null;
  /** The options and callback of the packet that is being sent. */
  #callback: SentCallback | null = null;
  #unsent: readonly Frame[] = [];
  /** For packages: bytes of the frames that have arrived since this object exists, or characters of text. */
  receivedBytes = 0;

  /** Use `faceOf`: there is one object per connection. */
  constructor(connection: Connection, userCode: UserCode) {
    super();
    this.#connection = connection;
    this.#userCode = userCode;
    const now = connection.transport?.name;
    // The address of a WebTransport session need not name the transport.
    const started = parseQuery(connection.request.url).transport ?? now ?? "websocket";
    const name = now ?? started;
    this.#isUpgraded = name !== started;
    this.#transport = this.#makeTransport(name);
  }

  /** The session id. Secret: it authorises requests in the client's name over polling. */
  get id(): string {
    return this.#connection.id;
  }

  /** Revision of the Engine.IO protocol. */
  get protocol(): 3 | 4 {
    return this.#connection.revision;
  }

  get request(): unknown {
    return this.#connection.request.native;
  }

  get remoteAddress(): string {
    return this.#connection.request.remoteAddress;
  }

  /** The engine that the connection belongs to; of several, the last one once the connection has ended. */
  get server(): ConnectionOwner | undefined {
    const all = owners.get(this.#userCode);
    return all?.find(({ clients }) => clients[this.id] === this) ?? all?.at(-1);
  }

  /** The transport in use, or the last one. */
  get transport(): TransportFace {
    return this.#transport;
  }

  get readyState(): "open" | "closing" | "closed" {
    const { readyState } = this.#connection;
    return this.#isClosing && readyState === "open" ? "closing" : readyState;
  }

  get upgrading(): boolean {
    return this.#connection.isUpgrading;
  }

  /** Whether the connection began on another transport than it is on now. */
  get upgraded(): boolean {
    return this.#isUpgraded;
  }

  /** Packets not yet passed to the transport; over a WebSocket they are tracked once there is a packet listener. */
  get writeBuffer(): SentPacket[] {
    if (this.#journal !== null) return this.#journal.waiting;
    return (this.#connection.transport?.unsent ?? this.#unsent).map((frame) => sent(frame, true));
  }

  /** Bytes accepted and not yet sent. */
  get bufferedAmount(): number {
    return this.#connection.queuedBytes;
  }

  /**
   * Sends an engine message, without Socket.IO's encoding: text or bytes, other values as text.
   * `callback` is called with the transport once the message is sent.
   */
  send(data: unknown, options?: SendOptions | SentCallback | null, callback?: SentCallback): this {
    if (this.readyState !== "open") return this;
    const onSent = typeof options === "function" ? options : callback;
    const compress = typeof options === "function" || options?.compress !== false;
    if (typeof onSent === "function") {
      this.#watch();
      this.#callback = onSent;
    }
    this.#connection.send(frameOf(data), compress);
    this.#callback = null;
    return this;
  }

  /** The same as `send`. */
  write(data: unknown, options?: SendOptions | SentCallback | null, callback?: SentCallback): this {
    return this.send(data, options, callback);
  }

  /** Closes the connection; with `discard`, without flushing the write buffer. */
  close(discard = false): void {
    if (discard) this.#connection.close("discard");
    else if (!this.#isClosing) {
      this.#isClosing = this.#journal?.whenEmpty(() => this.#connection.close()) === true;
      if (!this.#isClosing) this.#connection.close();
    }
  }

  /** Raises an event to the listeners, as an emitter does. Nothing is sent. */
  emit(event: string, ...args: unknown[]): boolean {
    return this.#raise(event, args);
  }

  override on(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.on(event, listener);
  }

  override addListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.addListener(event, listener);
  }

  override prependListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.prependListener(event, listener);
  }

  override prependOnceListener(event: EventKey, listener: Listener): this {
    this.#observeFor(event);
    return super.prependOnceListener(event, listener);
  }

  /** Reports every flush from now on. */
  reportFlushes(listener: FlushListener): void {
    this.#flushListener = listener;
    this.#watch();
  }

  onPacket(frame: Frame): void {
    this.receivedBytes += frame.length;
    if (this.#journal === null) return;
    const packet = decoded(frame);
    // Over polling, the close packet ends the transport before it is reported.
    if (packet.type !== "close" || this.#transport.name !== "polling") {
      this.#transport.emit("packet", packet);
    }
    this.#raise("packet", [packet]);
    if (packet.type !== "message") return;
    this.#raise("data", [packet.data]);
    this.#raise("message", [packet.data]);
  }

  onPacketCreate(frame: Frame, compress: boolean): void {
    if (this.#journal === null) return;
    const callback = this.#callback;
    this.#callback = null;
    const packet = sent(frame, compress);
    this.#raise("packetCreate", [packet]);
    this.#journal.created(packet, callback);
  }

  onPacketSent(): void {
    if (this.#connection.transport?.kind.isPolled === false) this.#journal?.handOn();
  }

  onHeartbeat(): void {
    this.#raise("heartbeat", []);
  }

  onUpgrading(transport: Transport): void {
    this.#candidate = this.#makeTransport(transport.name);
    this.#raise("upgrading", [this.#candidate]);
  }

  onUpgrade(transport: Transport): void {
    this.#isUpgraded = true;
    const former = this.#transport;
    former.discarded = true;
    this.#transport = this.#candidate ?? this.#makeTransport(transport.name);
    this.#candidate = null;
    former.emit("close");
    this.#raise("upgrade", [this.#transport]);
    this.#journal?.handOn();
  }

  onDrain(): void {
    if (this.#connection.transport?.kind.isPolled === true) this.#journal?.taken();
  }

  onHeaders(headers: ReplyHeaders, request: RequestHead): void {
    if (this.#transport.hasListeners("headers")) {
      this.#transport.emit("headers", headers, request.native);
    }
  }

  onEnding(unsent: readonly Frame[]): void {
    this.#unsent = unsent;
  }

  /** The connection has ended. Unsent packets can be read until the listeners have returned. */
  onClose(closing: Closing): void {
    this.#raise("close", [closing.reason, closing.error]);
    if (closing.reason === "transport error") this.#transport.emit("error", closing.error);
    this.#transport.emit("close");
    queueMicrotask(() => {
      this.#unsent = [];
      this.#journal?.clear();
    });
  }

  onFlush(packets: readonly SentPacket[]): void {
    this.#raise("flush", [packets]);
    this.#flushListener?.onFlush(this, packets);
  }

  onDrained(): void {
    this.#raise("drain", []);
    this.#flushListener?.onDrain(this);
  }

  onLeft(): void {
    this.#transport.emit("drain");
  }

  onSent(callback: SentCallback): void {
    const kind = "acknowledgement";
    const site = { target: this, socket: null, event: "sent", kind } as const;
    this.#userCode.call(callback, [this.#transport], site);
  }

  whenSent(callback: () => void): void {
    this.#connection.whenSent(callback);
  }

  #observeFor(event: EventKey): void {
    if (PACKET_EVENTS.has(event)) this.#watch();
  }

  #makeTransport(name: string): TransportFace {
    const [connection, userCode] = [this.#connection, this.#userCode];
    return new TransportFace(name, { connection, userCode, watch: () => this.#watch() });
  }

  #watch(): void {
    if (this.#journal !== null) return;
    // The open packet is not reported.
    const unsent = (this.#connection.transport?.unsent ?? []).filter((frame) => frame[0] !== "0");
    this.#journal = new SendJournal(
      this,
      unsent.map((frame) => sent(frame, true)),
    );
  }

  #raise(event: string, args: readonly unknown[]): boolean {
    const site = { target: this, socket: null, event };
    return this.#userCode.raise(this.listenersByEvent, args, site);
  }
}

const faces = new WeakMap<Connection, ConnectionFace>();

/** Returns the application's object for a connection, created on first access. */
export function faceOf(connection: Connection, userCode: UserCode): ConnectionFace {
  const known = faces.get(connection);
  if (known !== undefined) return known;
  const face = new ConnectionFace(connection, userCode);
  faces.set(connection, face);
  connection.observe(face);
  return face;
}

/** A copy of bytes, because the caller may reuse its buffer. */
function frameOf(data: unknown): Frame {
  const bytes = bytesIn(data);
  // Of the same class: Node's Buffer stays one, whose own `slice` does not copy.
  if (bytes !== undefined) return Uint8Array.prototype.slice.call(bytes);
  return data ? String(data) : "";
}

function decoded(frame: Frame): SentPacket | BrokenPacket {
  try {
    return decodeEnginePacket(frame);
  } catch {
    return { type: "error", data: "parser error" };
  }
}

function sent(frame: Frame, compress: boolean): SentPacket {
  const { data, type } = decodeEnginePacket(frame);
  const options = { compress: compress || type !== "message" };
  return data === undefined ? { type, options } : { type, options, data };
}
