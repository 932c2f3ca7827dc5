// One client in one namespace: receives, joins and leaves. `api/socket.ts` is the application's facade over it.
// Hot path: receive.

import type { Room, SocketId } from "@sockeye/adapter";
import type { Listener } from "@sockeye/events";
import type { Milliseconds } from "@sockeye/portable";
import { type Packet, PacketType } from "@sockeye/protocol";
import type { ExtendedError, Next } from "../base/chain.ts";
import type { Auth } from "../base/handshake.ts";
import { type DisconnectReason, RECOVERABLE } from "../base/reasons.ts";
import type { Services } from "../base/services.ts";
import type { CallSite } from "../base/user-code.ts";
import { answerOnce } from "./answer.ts";
import { runEventMiddleware, type SocketMiddleware } from "./event-middleware.ts";
import type { MemberHome, MemberOrigin } from "./member-home.ts";
import { MemberOutput } from "./member-output.ts";
import type { Peer } from "./peer.ts";
import type { PeerMember } from "./peer-parts.ts";
import type { SavedSocket } from "./saved-peer.ts";
import {
  type Event,
  incomingOf,
  insideOf,
  listenersOf,
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
export class Member extends MemberOutput implements PeerMember, SocketInside {
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
  #middleware: readonly SocketMiddleware[] | null = null;
  #data: unknown;

  constructor(
    home: MemberHome<Member>,
    peer: Peer,
    made: { readonly origin: MemberOrigin; readonly face: (member: Member) => SocketFace },
  ) {
    super();
    const { auth, saved, session } = made.origin;
    const { clock, startedAt } = home.services;
    this.home = home;
    this.peer = peer;
    this.id = saved?.id ?? session?.sid ?? peer.makeSocketId(home.name);
    this.recovery = recoveryOf(home.services, made.origin);
    this.auth = auth;
    this.#data = (saved ?? session)?.data;
    this.#joinedAfter = (saved?.joinedAt ?? clock.wallTime()) - startedAt;
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

  protected get isDisconnected(): boolean {
    return this.#phase === "disconnected";
  }

  /** Data of the application; the object is created on first access. */
  get data(): unknown {
    this.#data ??= {};
    return this.#data;
  }

  set data(data: unknown) {
    this.#data = data;
  }

  /** Whether it was set up again from data of an earlier socket. */
  get isAdopted(): boolean {
    return this.home.isAdopted(this);
  }

  get isSettled(): boolean {
    return this.#phase === "connected";
  }

  get isIdle(): boolean {
    return this.isSettled && this.pendingAcks?.isWaiting !== true;
  }

  save(pattern: number | null): SavedSocket {
    const { auth, home, id, joinedAt, nspName: nsp, recovery } = this;
    const joined = home.adapter.joinedAt?.(id) ?? [];
    return {
      ...{ nsp, pattern, id, auth, joinedAt, rooms: [...this.rooms] },
      ...(this.#data !== undefined && { data: this.#data }),
      ...(joined.length > 0 && { joined }),
      recovery: recovery?.save() ?? null,
    };
  }

  onPing(): void {
    this.recovery?.onPing(this);
  }

  onPong(): void {
    this.recovery?.onPong(this);
  }

  /** Raises `connection`, after it was set up again. */
  announce(): void {
    this.home.announce(this);
  }

  release(): void {
    const { socketReleased } = this.home.services.diagnostics;
    this.#phase = "disconnected";
    this.leaveRooms();
    this.home.forget(this);
    this.recovery?.release();
    if (socketReleased.active) socketReleased.publish({ socket: this.named, nsp: this.nspName });
    this.pendingAcks?.rejectAll();
  }

  get rooms(): Set<Room> {
    return this.home.adapter.socketRooms(this.id) ?? new Set();
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
    return watched(this, "addAll", this.home.adapter.addAll(this.id, new Set(rooms)));
  }

  /** Leaves a room. */
  leaveRoom(room: Room): Promise<void> | void {
    return watched(this, "del", this.home.adapter.del(this.id, room));
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
    if (packetReceived.active) packetReceived.publish({ socket: this.named, packet });
    if (this.face._onpacket === ownHooks._onpacket) this.onPacket(packet);
    else this.call(this.face._onpacket, [packet], "_onpacket");
  }

  onPacket(packet: Packet): void {
    switch (packet.type) {
      case PacketType.EVENT:
        if (this.face.onevent === ownHooks.onevent) this.onEvent(packet);
        else this.call(this.face.onevent, [packet], "onevent");
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
    this.pendingAcks?.onAnswer(id ?? -1, data as unknown[]);
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
      this.call(end, [], "packet");
      this.leave("server namespace disconnect");
    }
  }

  /** Leaves the namespace: rooms can still be read in `disconnecting`, and are empty in `disconnect`. */
  leave(reason: DisconnectReason, details?: Error): void {
    if (this.#phase === "joining") this.home.abandon(this);
    if (this.#phase !== "connected") return;
    const { face } = this;
    if (face._onclose !== ownHooks._onclose)
      this.call(face._onclose, [reason, details], "_onclose");
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
    this.pendingAcks?.rejectAll();
    const { socketDisconnected } = this.home.services.diagnostics;
    if (socketDisconnected.active) {
      socketDisconnected.publish({ socket: this.named, nsp: this.home.name, reason });
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

  onEvent(packet: Packet): void {
    const data = packet.data as Event;
    const { face } = this;
    if (packet.id != null) data.push(face.ack(packet.id));
    const incoming = incomingOf(face);
    if (incoming !== null) {
      for (const listener of incoming.list()) this.call(listener, data);
    }
    if (face.dispatch === ownHooks.dispatch) this.dispatch(data);
    else this.call(this.face.dispatch, [data], "dispatch");
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
  protected call(
    callback: Listener,
    args: readonly unknown[],
    event: string = String(args[0]),
  ): void {
    const { face } = this;
    this.home.services.userCode.call(callback, args, { target: face, socket: face, event });
  }
}

function recoveryOf(
  services: Services,
  { key, saved, session }: MemberOrigin,
): SocketRecovery | null {
  const { recovery } = services;
  if (recovery === undefined) return null;
  const isHidden = recovery.replay?.offsets === false;
  if (saved?.recovery == null) return new SocketRecovery(session ?? null, { isHidden, key });
  return SocketRecovery.from(saved.recovery, { isHidden, sid: saved.id });
}

/**
 * A promise of the adapter that the application receives. Few applications await it, so rejections are reported too. A
 * function, because the base class has private methods: another class with some adds a field to each socket.
 */
function watched(
  { face, home }: Member,
  method: string,
  result: Promise<void> | void,
): Promise<void> | void {
  if (result === undefined) return;
  const event = `adapter.${method}`;
  const site: CallSite = { target: null, socket: face, event, kind: "adapter" };
  home.services.userCode.watch(result, site);
  return result;
}
