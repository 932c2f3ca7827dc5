// What a user holds of one peer in one namespace: events both ways, acknowledgements, rooms.
// Hot path: onPacket and emit.

import type { AdapterSocket, BroadcastFlags, Room, Session, SocketId } from "@sockeye/adapter";
import type { RequestHead, SharedMessage } from "@sockeye/engine";
import { type EventKey, type Listener, SocketEmitter } from "@sockeye/events";
import type { Milliseconds } from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import { Acks, type Expectation } from "./acks.ts";
import { answerOnce } from "./answer.ts";
import { BroadcastOperator, EVERYBODY, refuseReserved } from "./broadcast-operator.ts";
import type { ConnectionFace } from "./connection-face.ts";
import { type Auth, describeHandshake, type Handshake } from "./handshake.ts";
import type { ExtendedError } from "./middleware.ts";
import type { Namespace } from "./namespace.ts";
import type { Peer } from "./peer.ts";
import { type DisconnectReason, RECOVERABLE } from "./reasons.ts";
import type { Server } from "./server.ts";
import { type Event, runSocketMiddleware, type SocketMiddleware } from "./socket-middleware.ts";
import { SocketRecovery } from "./socket-recovery.ts";

/** Where a socket comes from: what the client sent, and what it continues. */
export interface SocketOrigin {
  readonly auth: Auth | null;
  readonly session?: Session;
}

/**
 * A peer in one namespace. Raises `disconnecting` and `disconnect` with `(reason, details)`, `error` with the error
 * of a refused event or a broken packet, and whatever the client emits.
 */
export class Socket extends SocketEmitter implements AdapterSocket {
  readonly id: SocketId;
  readonly nsp: Namespace;
  /** How the socket may come back, if it may. */
  readonly recovery: SocketRecovery | null;
  readonly #peer: Peer;
  readonly #auth: Auth | null;
  /** When the namespace was joined, in milliseconds after the start of the server: a small number takes no room of its own. */
  readonly #joinedAfter: Milliseconds;
  #phase: "joining" | "connected" | "leaving" | "disconnected" = "joining";
  #flags: BroadcastFlags | null = null;
  #acks: Acks | null = null;
  #middleware: readonly SocketMiddleware[] | null = null;
  #handshake: Handshake | null = null;
  #data: unknown;

  constructor(nsp: Namespace, peer: Peer, origin: SocketOrigin) {
    super();
    const { session } = origin;
    this.nsp = nsp;
    this.id = session?.sid ?? peer.makeSocketId(nsp.name);
    const isKept = nsp.server.recovery !== undefined;
    this.recovery = isKept ? new SocketRecovery(session ?? null) : null;
    this.#peer = peer;
    this.#auth = origin.auth;
    this.#data = session?.data;
    this.#joinedAfter = nsp.server.clock.wallTime() - nsp.server.startedAt;
  }

  get server(): Server {
    return this.nsp.server;
  }

  /** The namespace's adapter; tracing packages find the namespace's name through it. */
  get adapter(): Namespace["adapter"] {
    return this.nsp.adapter;
  }

  /** The peer that this socket belongs to, with its other sockets. */
  get client(): Peer {
    return this.#peer;
  }

  /** The connection underneath. */
  get conn(): ConnectionFace {
    return this.#peer.face;
  }

  /** The request that opened the connection, as the host knows it. */
  get request(): unknown {
    return this.#peer.connection.request.native;
  }

  get handshake(): Handshake {
    this.#handshake ??= describeHandshake(
      this.#peer.connection.request as RequestHead,
      this.#auth ?? {},
      this.server.startedAt + this.#joinedAfter,
    );
    return this.#handshake;
  }

  /** Whether the state of an earlier connection was restored. */
  get recovered(): boolean {
    return this.recovery?.isRecovered === true;
  }

  /** Whatever the application wants to keep with the socket. */
  get data(): unknown {
    this.#data ??= {};
    return this.#data;
  }

  set data(data: unknown) {
    this.#data = data;
  }

  get connected(): boolean {
    return this.#phase === "connected" || this.#phase === "leaving";
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms the socket is in; its own id is one of them. */
  get rooms(): Set<Room> {
    return this.nsp.adapter.socketRooms(this.id) ?? new Set();
  }

  /**
   * Sends an event to the peer. A function as last argument is called with the peer's answer,
   * after `timeout()` with an error first.
   * @throws Error when the event name is reserved; TypeError when an argument cannot be serialised
   */
  emit(...data: [EventKey, ...unknown[]]): true {
    refuseReserved(data[0]);
    const flags = this.#takeFlags();
    const callback = data.at(-1);
    if (typeof callback === "function") {
      data.pop();
      this.#emitExpecting(data, flags, { callback: callback as Listener, timeout: flags?.timeout });
    } else {
      this.#send({ type: PacketType.EVENT, nsp: this.nsp.name, data }, flags);
    }
    return true;
  }

  /**
   * Sends an event and resolves with the first argument of the answer. Rejects when the socket disconnects,
   * and after `timeout()` when the time is up.
   */
  emitWithAck(...data: [EventKey, ...unknown[]]): Promise<unknown> {
    refuseReserved(data[0]);
    const flags = this.#takeFlags();
    return new Promise((resolve, reject) => {
      const timeout = flags?.timeout;
      const callback: Listener =
        timeout === undefined
          ? resolve
          : (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer));
      this.#emitExpecting(data, flags, { callback, timeout, onDisconnect: reject });
    });
  }

  /** Emits `message`. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** Emits `message`. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /** Milliseconds that the next event waits for its acknowledgement. */
  timeout(timeout: number): this {
    return this.#flag({ timeout });
  }

  /** Whether the next event may be compressed. */
  compress(compress: boolean): this {
    return this.#flag({ compress });
  }

  /** The next event is dropped if it cannot leave at once. */
  get volatile(): this {
    return this.#flag({ volatile: true });
  }

  /** Everybody else in the namespace. */
  get broadcast(): BroadcastOperator {
    return this.#others();
  }

  /** Everybody else in the namespace, on this server only. */
  get local(): BroadcastOperator {
    return this.#others().local;
  }

  /** The other members of these rooms. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#others().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.#others().in(room);
  }

  /** Everybody else but the members of these rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#others().except(room);
  }

  /** Joins rooms. Does nothing after the socket has disconnected. */
  join(rooms: Room | Room[]): Promise<void> | void {
    if (this.#phase === "disconnected") return;
    return this.nsp.adapter.addAll(this.id, new Set(Array.isArray(rooms) ? rooms : [rooms]));
  }

  /** Leaves a room. */
  leave(room: Room): Promise<void> | void {
    return this.nsp.adapter.del(this.id, room);
  }

  /** Disconnects from the namespace; with `close`, ends the whole connection. */
  disconnect(close = false): this {
    if (this.#phase !== "connected") return this;
    if (close) this.#peer.disconnect();
    else {
      this.#peer.putOut(this.nsp.name);
      this.onDisconnected("server namespace disconnect");
    }
    return this;
  }

  /** Adds a function that hears every incoming event before its listeners. */
  use(middleware: SocketMiddleware): this {
    this.#middleware = [...(this.#middleware ?? []), middleware];
    return this;
  }

  /** Admitted by the namespace; with `false`, to be admitted later. */
  onConnected(isConnected = true): void {
    this.#phase = isConnected ? "connected" : "joining";
  }

  /** Not admitted: the client is told why. */
  refuse(error: ExtendedError): void {
    this.#phase = "disconnected";
    this.#peer.refuse(this.nsp.name, error);
  }

  /** Takes a packet of the peer. */
  onPacket(packet: Packet): void {
    if (this.#phase === "joining") {
      // As for any namespace that the client has not been told it has joined.
      this.#peer.close();
      return;
    }
    switch (packet.type) {
      case PacketType.EVENT:
        this.#onEvent(packet);
        return;
      case PacketType.ACK:
        this.#acks?.onAnswer(packet.id ?? -1, packet.data as unknown[]);
        return;
      case PacketType.DISCONNECT:
        this.onDisconnected("client namespace disconnect");
        return;
      default:
        // A client has no reason to send anything else.
        this.#peer.close();
    }
  }

  /** The socket has left: rooms can still be read in `disconnecting`, and are gone in `disconnect`. */
  onDisconnected(reason: DisconnectReason, details?: Error): void {
    if (this.#phase === "joining") this.nsp.abandon(this);
    if (this.#phase !== "connected") return;
    this.#phase = "leaving";
    this.raise("disconnecting", [reason, details]);
    const isComingBack = RECOVERABLE.has(reason);
    if (isComingBack) this.recovery?.persist(this);
    this.leaveRooms();
    this.nsp.forget(this);
    if (!isComingBack) this.recovery?.end();
    this.#peer.onLeft(this);
    this.#phase = "disconnected";
    this.#acks?.rejectAll();
    this.raise("disconnect", [reason, details]);
  }

  /** Leaves every room. */
  leaveRooms(): void {
    this.nsp.callAdapter("delAll", this, this.id);
  }

  /** Tells listeners of `error`, if there are any. */
  raiseError(error: Error): void {
    this.raise("error", [error]);
  }

  /** Raises an event to its listeners. */
  raise(event: string, args: readonly unknown[]): void {
    const { userCode } = this.nsp.server;
    userCode.raise(this.listenersByEvent, args, { target: this, socket: this, event });
  }

  /** Sends a broadcast packet to this peer. */
  sendShared(message: SharedMessage, packet: Packet, isVolatile: boolean): void {
    const { connection } = this.#peer;
    this.notifyOutgoingListeners(packet);
    if (!isVolatile) this.recovery?.onAddressed(packet);
    else if (!connection.isWritable()) return;
    connection.sendShared(message);
  }

  /** The acknowledgements that the socket waits for. */
  get acks(): Acks {
    this.#acks ??= new Acks(this.nsp.server.deadlines, (callback, args) =>
      this.nsp.server.userCode.call(callback, args, { target: null, socket: this, event: "ack" }),
    );
    return this.#acks;
  }

  #onEvent(packet: Packet): void {
    const data = packet.data as Event;
    if (packet.id !== undefined) data.push(answerOnce(this.#peer, packet.nsp, packet.id));
    if (this.incoming !== null) {
      for (const listener of this.incoming.list()) this.#call(listener, data);
    }
    if (this.#middleware === null) this.#dispatch(data);
    else {
      runSocketMiddleware(this.#middleware, data, (error) => {
        if (error !== undefined) this.raiseError(error);
        else if (this.connected) this.#dispatch(data);
      });
    }
  }

  #dispatch(data: Event): void {
    this.raise(data[0], data.slice(1));
  }

  #emitExpecting(
    data: [EventKey, ...unknown[]],
    flags: BroadcastFlags | null,
    expectation: Expectation,
  ): void {
    const id = this.nsp.nextAckId();
    // First, because data that cannot be serialised throws, and a full send buffer disconnects.
    this.#send({ type: PacketType.EVENT, nsp: this.nsp.name, data, id }, flags);
    if (this.#phase === "disconnected" && expectation.onDisconnect !== undefined) {
      expectation.onDisconnect(new Error("socket has been disconnected"));
    } else this.acks.expect(id, expectation);
  }

  #send(packet: Packet, flags: BroadcastFlags | null): void {
    const { connection } = this.#peer;
    const { recovery } = this;
    if (recovery?.isOn && packet.id === undefined) {
      // Through the adapter, which numbers the packet and keeps it, also for a socket that is away.
      // Adapters written for Socket.IO rely on all three options.
      const options = { rooms: new Set([this.id]), except: new Set<Room>(), flags: flags ?? {} };
      this.nsp.adapter.broadcast(packet, options);
      return;
    }
    if (this.#phase === "disconnected" || !connection.isOpen) return;
    const encoded = this.nsp.server.codec.encode(recovery?.marked(packet, this) ?? packet);
    this.notifyOutgoingListeners(packet);
    if (flags?.volatile === true && !connection.isWritable()) return;
    this.#peer.write(encoded, flags?.compress !== false);
  }

  /** Tells the catch-all listeners of a packet that is sent; adapters do it for their broadcasts. */
  notifyOutgoingListeners({ data }: Packet): void {
    if (this.outgoing === null) return;
    for (const listener of this.outgoing.list()) this.#call(listener, data as unknown[]);
  }

  #call(listener: Listener, args: readonly unknown[]): void {
    const event = String(args[0]);
    this.nsp.server.userCode.call(listener, args, { target: this, socket: this, event });
  }

  #takeFlags(): BroadcastFlags | null {
    const flags = this.#flags;
    this.#flags = null;
    return flags;
  }

  #flag(flags: BroadcastFlags): this {
    this.#flags = { ...this.#flags, ...flags };
    return this;
  }

  #others(): BroadcastOperator {
    const flags = this.#takeFlags() ?? {};
    return new BroadcastOperator(this.nsp, { ...EVERYBODY, except: new Set([this.id]), flags });
  }
}
