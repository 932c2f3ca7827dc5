// One client in one namespace: receives, sends, joins and leaves. `api/socket.ts` is the application's facade over it.
// Hot path: receive, send and sendShared.

import type { BroadcastFlags, Room, SocketId } from "@sockeye/adapter";
import type { SendOutcome, SharedMessage } from "@sockeye/engine";
import type { EventKey, Listener } from "@sockeye/events";
import type { Milliseconds } from "@sockeye/portable";
import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";
import type { Acks, Expectation } from "../base/acks.ts";
import type { ExtendedError, Next } from "../base/chain.ts";
import { coreError } from "../base/errors.ts";
import type { Auth } from "../base/handshake.ts";
import { type DisconnectReason, RECOVERABLE } from "../base/reasons.ts";
import { acksFor, answerOnce } from "./answer.ts";
import { runEventMiddleware, type SocketMiddleware } from "./event-middleware.ts";
import type { MemberHome, MemberOrigin } from "./member-home.ts";
import type { Peer, PeerMember } from "./peer.ts";
import {
  type Event,
  incomingOf,
  insideOf,
  listenersOf,
  outgoingOf,
  ownHooks,
  type SocketFace,
  type SocketInside,
} from "./socket-face.ts";
import { afterSent, SocketRecovery } from "./socket-recovery.ts";

/** Returns the member behind a socket. */
export function memberOf(face: SocketFace): Member {
  return insideOf(face) as Member;
}

/** One client in one namespace. */
export class Member implements PeerMember, SocketInside {
  /** Middleware of the application may set another one before the socket is admitted. */
  id: SocketId;
  readonly home: MemberHome<Member>;
  readonly peer: Peer;
  readonly auth: Auth | null;
  /** The recovery state, when recovery is enabled. */
  readonly recovery: SocketRecovery | null;
  /** The application's socket. */
  readonly face: SocketFace;
  /**
   * When the namespace was joined, in milliseconds after the start of the server: a small integer takes no heap memory.
   */
  readonly #joinedAfter: Milliseconds;
  #phase: "joining" | "connected" | "leaving" | "disconnected" = "joining";
  #acks: Acks | null = null;
  #middleware: readonly SocketMiddleware[] | null = null;
  #data: unknown;

  constructor(
    home: MemberHome<Member>,
    peer: Peer,
    made: { readonly origin: MemberOrigin; readonly face: (member: Member) => SocketFace },
  ) {
    const { auth, session } = made.origin;
    const { clock, recovery, startedAt } = home.services;
    this.home = home;
    this.peer = peer;
    this.id = session?.sid ?? peer.makeSocketId(home.name);
    this.recovery = recovery === undefined ? null : new SocketRecovery(session ?? null);
    this.auth = auth;
    this.#data = session?.data;
    this.#joinedAfter = clock.wallTime() - startedAt;
    this.face = made.face(this);
  }

  /** When the namespace was joined, in milliseconds since 1970. */
  get joinedAt(): Milliseconds {
    return this.home.services.startedAt + this.#joinedAfter;
  }

  get nspName(): string {
    return this.home.name;
  }

  get isConnected(): boolean {
    return this.#phase === "connected" || this.#phase === "leaving";
  }

  /** Data of the application; the object is created on first access. */
  get data(): unknown {
    this.#data ??= {};
    return this.#data;
  }

  set data(data: unknown) {
    this.#data = data;
  }

  get rooms(): Set<Room> {
    return this.home.adapter.socketRooms(this.id) ?? new Set();
  }

  /** The pending acknowledgements. */
  get acks(): Acks {
    this.#acks ??= acksFor(this.#named, this.nspName, this.home.services);
    return this.#acks;
  }

  /** Middleware has accepted the socket. Returns `false` when the admission is not complete yet. */
  setConnected(isConnected: boolean): void {
    this.#phase = isConnected ? "connected" : "joining";
  }

  /** The socket was rejected: sends the error to the client. */
  reject(error: ExtendedError): void {
    this.#phase = "disconnected";
    this.peer.refuse(this.home.name, error);
  }

  /** Joins rooms. Does nothing after the socket has disconnected. */
  join(rooms: readonly Room[]): Promise<void> | void {
    if (this.#phase === "disconnected") return;
    return this.#watched("addAll", this.home.adapter.addAll(this.id, new Set(rooms)));
  }

  /** Leaves a room. */
  leaveRoom(room: Room): Promise<void> | void {
    return this.#watched("del", this.home.adapter.del(this.id, room));
  }

  /**
   * A promise of the adapter that the application receives. Few applications await it, so rejections are reported too.
   */
  #watched(method: string, result: Promise<void> | void): Promise<void> | void {
    if (result === undefined) return;
    const site = { target: null, socket: this.face, event: `adapter.${method}` };
    this.home.services.userCode.watch(result, site);
    return result;
  }

  /** Leaves every room. */
  leaveRooms(): void {
    this.home.guard("delAll", (adapter) => adapter.delAll(this.id), this.face);
  }

  /** Adds a middleware for incoming events. */
  use(middleware: SocketMiddleware): void {
    this.#middleware = [...(this.#middleware ?? []), middleware];
  }

  /** Whether middleware runs before the listeners of its events. */
  get hasMiddleware(): boolean {
    return this.#middleware !== null;
  }

  /** Handles a packet of the client. */
  receive(packet: Packet): void {
    if (this.#phase === "joining") {
      // As for any namespace whose CONNECT the client has not received.
      this.peer.breach(packet.nsp, "the client has not been admitted to the namespace yet");
      return;
    }
    const { packetReceived } = this.home.services.diagnostics;
    if (packetReceived.active) packetReceived.publish({ socket: this.#named, packet });
    if (this.face._onpacket === ownHooks._onpacket) this.onPacket(packet);
    else this.#call(this.face._onpacket, [packet], "_onpacket");
  }

  onPacket(packet: Packet): void {
    switch (packet.type) {
      case PacketType.EVENT:
        if (this.face.onevent === ownHooks.onevent) this.onEvent(packet);
        else this.#call(this.face.onevent, [packet], "onevent");
        return;
      case PacketType.ACK:
        this.onAnswer(packet);
        return;
      case PacketType.DISCONNECT:
        this.leave("client namespace disconnect");
        return;
      default:
        // A client has no reason to send any other type.
        this.peer.breach(packet.nsp, `clients do not send packets of type ${packet.type}`);
    }
  }

  onAnswer({ data, id }: Packet): void {
    this.#acks?.onAnswer(id ?? -1, data as unknown[]);
  }

  /** Disconnects the client from the namespace, or with `close` entirely. What a replaced `packet` throws is contained. */
  disconnect(close: boolean): void {
    const { walks } = this.home.services;
    walks.after(() => {
      if (this.#phase !== "connected") return;
      afterSent(this, () => walks.after(() => this.#disconnect(close)));
    });
  }

  #disconnect(close: boolean): void {
    if (this.#phase !== "connected") return;
    if (close) this.peer.disconnect();
    else {
      const end = (): void => this.sendPlain({ type: PacketType.DISCONNECT, nsp: this.nspName });
      this.#call(end, [], "packet");
      this.leave("server namespace disconnect");
    }
  }

  /** Leaves the namespace: rooms can still be read in `disconnecting`, and are empty in `disconnect`. */
  leave(reason: DisconnectReason, details?: Error): void {
    if (this.#phase === "joining") this.home.abandon(this);
    if (this.#phase !== "connected") return;
    const { face } = this;
    if (face._onclose !== ownHooks._onclose)
      this.#call(face._onclose, [reason, details], "_onclose");
    this.end(reason, details);
  }

  end(reason: DisconnectReason, details?: Error): void {
    if (this.#phase !== "connected") return;
    this.#phase = "leaving";
    this.raise("disconnecting", [reason, details]);
    const isComingBack = RECOVERABLE.has(reason);
    if (isComingBack) this.recovery?.persist(this);
    this.leaveRooms();
    this.home.forget(this);
    if (!isComingBack) this.recovery?.end(this);
    this.peer.onLeft(this);
    this.#phase = "disconnected";
    this.#acks?.rejectAll();
    const { socketDisconnected } = this.home.services.diagnostics;
    if (socketDisconnected.active) {
      socketDisconnected.publish({ socket: this.#named, nsp: this.home.name, reason });
    }
    this.raise("disconnect", [reason, details]);
  }

  /** Raises `error` if it has listeners. */
  raiseError(error: Error): void {
    this.raise("error", [error]);
  }

  /** Raises an event to the socket's listeners. */
  raise(event: string, args: readonly unknown[]): boolean {
    const site = { target: this.face, socket: this.face, event };
    return this.home.services.userCode.raise(listenersOf(this.face), args, site);
  }

  /** Sends a packet to this client alone. @throws TypeError when its data cannot be serialised */
  send(packet: Packet, flags: BroadcastFlags | null): SendOutcome {
    const { connection } = this.peer;
    const { recovery } = this;
    if (recovery?.isOn && packet.id === undefined) {
      // Through the adapter, which numbers and stores the packet, even when the client is disconnected.
      this.home.broadcast(packet, {
        rooms: new Set([this.id]),
        except: new Set(),
        flags: flags ?? {},
      });
      return "queued";
    }
    if (this.#phase === "disconnected" || !connection.isOpen) return "closed";
    const { face } = this;
    if (face.packet !== ownHooks.packet) {
      this.notifyOutgoingListeners(packet);
      // Called by the application's `emit`, which gets what it throws.
      face.packet(packet, flags ?? {});
      return "sent";
    }
    const encoded = this.home.services.directCodec.encode(recovery?.marked(packet, this) ?? packet);
    this.notifyOutgoingListeners(packet);
    return this.#write(packet, encoded, flags);
  }

  sendPlain(packet: Packet): void {
    const { face } = this;
    if (face.packet === ownHooks.packet) this.transmit(packet, null);
    else face.packet(packet);
  }

  transmit(given: Packet, flags: BroadcastFlags | null): void {
    const packet = { ...given, nsp: this.home.name };
    if (packet.type === PacketType.DISCONNECT) this.peer.sendDisconnect(packet.nsp);
    else if (packet.type !== PacketType.EVENT) this.peer.send(packet);
    else {
      const { directCodec: codec } = this.home.services;
      this.#write(packet, codec.encode(this.recovery?.marked(packet, this) ?? packet), flags);
    }
  }

  #write(packet: Packet, encoded: Encoded, flags: BroadcastFlags | null): SendOutcome {
    const { diagnostics } = this.home.services;
    if (flags?.volatile === true && !this.peer.connection.isWritable()) {
      return this.#dropped(packet);
    }
    const outcome = this.peer.write(encoded, flags?.compress !== false);
    if (diagnostics.packetSent.active) {
      diagnostics.packetSent.publish({ socket: this.#named, packet });
    }
    return outcome;
  }

  /** Sends an event that expects an acknowledgement. @throws TypeError when its data cannot be serialised */
  sendExpecting(
    data: [EventKey, ...unknown[]],
    flags: BroadcastFlags | null,
    expectation: Expectation,
  ): void {
    const id = this.home.nextAckId();
    // First, because data that cannot be serialised throws, and a full write buffer disconnects.
    this.#sendInOrder({ type: PacketType.EVENT, nsp: this.home.name, data, id }, flags);
    if (this.#phase === "disconnected" && expectation.onDisconnect !== undefined) {
      expectation.onDisconnect(coreError("ERR_DISCONNECTED"));
    } else this.acks.expect(id, expectation);
  }

  /** Sends what does not go through the adapter after what does. @throws TypeError when it cannot be serialised */
  #sendInOrder(packet: Packet, flags: BroadcastFlags | null): void {
    let isDue = false;
    let encoded: Encoded | null = null;
    const sendLate = (): void => {
      if (this.#phase === "disconnected" || encoded === null) return;
      this.notifyOutgoingListeners(packet);
      this.#write(packet, encoded, flags);
    };
    afterSent(this, () => {
      isDue = true;
      sendLate();
    });
    if (isDue || this.face.packet !== ownHooks.packet) this.send(packet, flags);
    // Now: the application may change its data before the turn comes.
    else encoded = this.home.services.directCodec.encode(packet);
  }

  /** Sends a broadcast packet to this client. */
  sendShared(message: SharedMessage, packet: Packet, isVolatile: boolean): SendOutcome {
    const { connection } = this.peer;
    this.notifyOutgoingListeners(packet);
    if (!isVolatile) this.recovery?.onAddressed(packet);
    else if (!connection.isWritable()) return this.#dropped(packet);
    return connection.sendShared(message);
  }

  /** Calls the catch-all listeners of sent events; only for them the data of another server's packet is decoded. */
  notifyOutgoingListeners(packet: Packet): void {
    const outgoing = outgoingOf(this.face);
    if (outgoing === null) return;
    for (const listener of outgoing.list()) this.#call(listener, packet.data as unknown[]);
  }

  /** The socket in the form of the diagnostics points. */
  get #named(): { readonly id: string } {
    return this.face as unknown as { readonly id: string };
  }

  #dropped(packet: Packet): "dropped" {
    const { packetDropped } = this.home.services.diagnostics;
    if (packetDropped.active) packetDropped.publish({ socket: this.#named, packet });
    return "dropped";
  }

  onEvent(packet: Packet): void {
    const data = packet.data as Event;
    const { face } = this;
    if (packet.id != null) data.push(face.ack(packet.id));
    const incoming = incomingOf(face);
    if (incoming !== null) {
      for (const listener of incoming.list()) this.#call(listener, data);
    }
    if (face.dispatch === ownHooks.dispatch) this.dispatch(data);
    else this.#call(this.face.dispatch, [data], "dispatch");
  }

  answerTo(id: number): Listener {
    return answerOnce(this.peer, this.home.name, id);
  }

  dispatch(data: Event): void {
    if (this.#middleware === null) this.raise(data[0], data.slice(1));
    else {
      this.runMiddleware(data, (error) => {
        if (error !== undefined) this.raiseError(error);
        else if (this.isConnected) this.raise(data[0], data.slice(1));
      });
    }
  }

  runMiddleware(data: Event, done: Next): void {
    const { face, home } = this;
    runEventMiddleware(this.#middleware ?? [], data, { done, face, home });
  }

  /** Calls a catch-all listener, or a method of the socket that a package has replaced. */
  #call(callback: Listener, args: readonly unknown[], event = String(args[0])): void {
    const { face } = this;
    this.home.services.userCode.call(callback, args, { target: face, socket: face, event });
  }
}
