// One client in one namespace, as applications see it. A facade over `members/member.ts`.

import type {
  AdapterContract,
  AdapterSocket,
  BroadcastFlags,
  Room,
  SocketId,
} from "@sockeye/adapter";
import type { RequestHead } from "@sockeye/engine";
import type { EventKey, Listener } from "@sockeye/events";
import { type Packet, PacketType } from "@sockeye/protocol";
import type { Acks } from "../base/acks.ts";
import { ALL_SOCKETS, listOf, withFlags } from "../base/address.ts";
import { describeHandshake, type Handshake } from "../base/handshake.ts";
import { refuseReserved } from "../base/reserved-events.ts";
import type { Client } from "../compat/client-face.ts";
import type { ConnectionFace } from "../compat/connection-face.ts";
import type { SocketMiddleware } from "../members/event-middleware.ts";
import { type Member, memberOf } from "../members/member.ts";
import { SocketFace } from "../members/socket-face.ts";
import { type BroadcastBase, BroadcastOperator } from "./broadcast-operator.ts";
import { relay } from "./relay.ts";

/** The namespace, connection and client of a socket. */
export interface SocketContext {
  readonly nsp: SocketNamespace;
  readonly base: BroadcastBase;
  clientOf(member: Member): Client;
  connOf(member: Member): ConnectionFace;
}

/** The part of a socket's namespace that this file uses. */
export interface SocketNamespace {
  readonly name: string;
  readonly server: unknown;
}

/**
 * One client in one namespace. Raises the events that the client emits; `disconnecting` and `disconnect` with
 * `(reason, details)`; `error` with the error of a rejected event or of a broken packet.
 * @example io.on("connection", (socket) => socket.on("ping", (answer) => answer("pong")));
 */
export class Socket extends SocketFace implements AdapterSocket {
  readonly #context: SocketContext;
  #flags: BroadcastFlags | null = null;
  #handshake: Handshake | null = null;

  constructor(member: Member, context: SocketContext) {
    super(member);
    this.#context = context;
  }

  /**
   * Unique per connection and namespace; also the name of the socket's own room. Connection middleware may set another
   * one; later it must not change.
   */
  get id(): SocketId {
    return memberOf(this).id;
  }

  set id(id: SocketId) {
    memberOf(this).id = id;
  }

  /** The namespace. */
  get nsp(): SocketNamespace {
    return this.#context.nsp;
  }

  /** The server. */
  get server(): unknown {
    return this.#context.nsp.server;
  }

  /** The namespace's adapter; tracing packages find the namespace's name through it. */
  get adapter(): AdapterContract {
    return memberOf(this).home.adapter;
  }

  /** The client, with its sockets in all namespaces. */
  get client(): Client {
    return this.#context.clientOf(memberOf(this));
  }

  /** The engine connection that the client's sockets share. */
  get conn(): ConnectionFace {
    return this.#context.connOf(memberOf(this));
  }

  /** The request that opened the connection, as the platform knows it. */
  get request(): unknown {
    return memberOf(this).peer.connection.request.native;
  }

  /** What the client sent when it connected: headers, query, `auth`. */
  get handshake(): Handshake {
    const { auth, joinedAt, peer } = memberOf(this);
    const request = peer.connection.request as RequestHead;
    this.#handshake ??= describeHandshake(request, auth ?? {}, joinedAt);
    return this.#handshake;
  }

  /** Whether the state of an earlier connection was restored. */
  get recovered(): boolean {
    return memberOf(this).recovery?.isRecovered === true;
  }

  /** Whether it was set up again, after the connection was taken down: in another process, say, or by a host that hibernates. */
  get adopted(): boolean {
    return memberOf(this).isAdopted;
  }

  /** Data of the application. `fetchSockets` of other servers sees it, and recovery restores it. */
  get data(): unknown {
    return memberOf(this).data;
  }

  set data(data: unknown) {
    memberOf(this).data = data;
  }

  /** Whether the client is in the namespace. */
  get connected(): boolean {
    return memberOf(this).isConnected;
  }

  /** The opposite of `connected`. */
  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms that the socket has joined; its own id is one of them. */
  get rooms(): Set<Room> {
    return memberOf(this).rooms;
  }

  /** Sends an event to the client. */
  emit(...data: [EventKey, ...unknown[]]): true {
    refuseReserved(data[0]);
    const flags = this.#takeFlags();
    const callback = data.at(-1);
    if (typeof callback === "function") {
      data.pop();
      const expectation = { callback: callback as Listener, timeout: flags?.timeout };
      memberOf(this).sendExpecting(data, flags, expectation);
    } else {
      memberOf(this).send({ type: PacketType.EVENT, nsp: memberOf(this).nspName, data }, flags);
    }
    return true;
  }

  /** Sends an event and resolves with the first argument of the answer. */
  emitWithAck(...data: [EventKey, ...unknown[]]): Promise<unknown> {
    refuseReserved(data[0]);
    const flags = this.#takeFlags();
    return new Promise((resolve, reject) => {
      const timeout = flags?.timeout;
      const callback: Listener =
        timeout === undefined
          ? resolve
          : (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer));
      memberOf(this).sendExpecting(data, flags, { callback, timeout, onDisconnect: reject });
    });
  }

  /** Emits `message`. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  /** How long the next event waits for its acknowledgement, in milliseconds. Its callback then takes an error first. */
  timeout(timeout: number): this {
    return this.#flag({ timeout });
  }

  /** Whether the next event may be compressed, where compression was negotiated. Default `true`. */
  compress(compress: boolean): this {
    return this.#flag({ compress });
  }

  /** Drops the next event when it cannot be sent immediately. */
  get volatile(): this {
    return this.#flag({ volatile: true });
  }

  /** Lets the next event take the place of an earlier one of the same key that the client has not taken yet. */
  latest(key: string): this {
    return this.#flag({ latest: key });
  }

  /** Bytes that were sent to the client and have not left this process. */
  get bufferedAmount(): number {
    const { peer } = memberOf(this);
    return peer.connection.queuedBytes + peer.heldBytes;
  }

  /** Resolves when everything sent to the client so far has left this process. */
  drained(): Promise<void> {
    return memberOf(this).peer.drained();
  }

  /** Targets every other client of the namespace. */
  get broadcast(): BroadcastOperator {
    return this.#exceptSelf();
  }

  /** Targets every other client of the namespace on this server, in a cluster. */
  get local(): BroadcastOperator {
    return this.#exceptSelf().local;
  }

  /** Targets the other clients that joined any of the given rooms. Chainable. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#exceptSelf().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.#exceptSelf().in(room);
  }

  /** Targets every other client but those that joined any of the given rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#exceptSelf().except(room);
  }

  /** Passes an event of the client on to other sockets; `null` ends that. */
  relay(event: string, target: BroadcastOperator | null = this.broadcast): this {
    relay(memberOf(this), event, { target, base: this.#context.base });
    return this;
  }

  /** Joins rooms. Does nothing after the socket has disconnected. */
  join(rooms: Room | Room[]): Promise<void> | void {
    return memberOf(this).join(listOf(rooms));
  }

  /** Leaves a room. */
  leave(room: Room): Promise<void> | void {
    return memberOf(this).leaveRoom(room);
  }

  /** Disconnects the client from the namespace; with `close`, ends the whole connection. */
  disconnect(close = false): this {
    memberOf(this).disconnect(close);
    return this;
  }

  /** Adds a middleware that runs before the listeners of every incoming event. */
  use(middleware: SocketMiddleware): this {
    memberOf(this).use(middleware);
    return this;
  }

  /** The pending acknowledgements; adapters register theirs here. */
  get acks(): Acks {
    return memberOf(this).acks;
  }

  /** Calls the catch-all listeners of sent events; adapters call it for their broadcasts. */
  notifyOutgoingListeners(packet: Packet): void {
    memberOf(this).notifyOutgoingListeners(packet);
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

  #exceptSelf(): BroadcastOperator {
    const others = { ...ALL_SOCKETS, except: new Set([this.id]) };
    return new BroadcastOperator(this.#context.base, withFlags(others, this.#takeFlags() ?? {}));
  }
}
