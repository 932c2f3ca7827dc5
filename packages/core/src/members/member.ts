// One client in one namespace: receives, sends, joins and leaves. `api/socket.ts` is the application's facade over it.
// Hot path: receive, send and sendShared.

import type {
  AdapterContract,
  BroadcastFlags,
  BroadcastOptions,
  Room,
  Session,
  SocketId,
} from "@sockeye/adapter";
import type { SendOutcome, SharedMessage } from "@sockeye/engine";
import {
  type CatchAll,
  type EventKey,
  type Listener,
  type Listeners,
  SocketEmitter,
} from "@sockeye/events";
import type { Milliseconds } from "@sockeye/portable";
import { type Encoded, type Packet, PacketType } from "@sockeye/protocol";
import { Acks, type Expectation } from "../base/acks.ts";
import { type ExtendedError, middlewareStep, type Next, runChain } from "../base/chain.ts";
import { coreError } from "../base/errors.ts";
import type { Auth } from "../base/handshake.ts";
import { type DisconnectReason, RECOVERABLE } from "../base/reasons.ts";
import type { Services } from "../base/services.ts";
import { answerOnce } from "./answer.ts";
import type { Peer, PeerMember } from "./peer.ts";
import { SocketRecovery } from "./socket-recovery.ts";

/** An incoming event: its name and its arguments. */
export type Event = [string, ...unknown[]];

/** Runs before the listeners of every incoming event; an error drops the event. */
export type SocketMiddleware = (event: Event, next: Next) => void | Promise<void>;

/** The part of a namespace that a member uses. */
export interface MemberHome {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  nextAckId(): number;
  /** Calls the adapter; an error is reported and not rethrown. */
  guard(method: string, call: (adapter: AdapterContract) => unknown, socket?: object | null): void;
  /** Passes a packet to the adapter. @throws TypeError when its data cannot be serialised */
  broadcast(packet: Packet, options: BroadcastOptions): void;
  encode(packet: Packet): Encoded;
  /** Reports the failure of an adapter; returns whether the application's error handler was called. */
  reportAdapterFailure(method: string, error: unknown, socket: object | null): boolean;
  /** Removes a member that has left. */
  forget(member: Member): void;
  /** The connection of a member has closed before its admission. */
  abandon(member: Member): void;
}

/** The origin of a member: the client's `auth`, and the session to restore. */
export interface MemberOrigin {
  readonly auth: Auth | null;
  readonly session?: Session;
}

/** Returns the member behind a socket. */
export let memberOf: (face: SocketFace) => Member;
let listenersOf: (face: SocketFace) => Listeners;
let incomingOf: (face: SocketFace) => CatchAll | null;
let outgoingOf: (face: SocketFace) => CatchAll | null;

/** Base class of the application's sockets. The link to the member is internal to this package. */
export abstract class SocketFace extends SocketEmitter {
  readonly #member: Member;

  static {
    memberOf = (face) => face.#member;
    listenersOf = (face) => face.listenersByEvent;
    incomingOf = (face) => face.incoming;
    outgoingOf = (face) => face.outgoing;
  }

  constructor(member: Member) {
    super();
    this.#member = member;
  }
}

/** One client in one namespace. */
export class Member implements PeerMember {
  /** Middleware of the application may set another one before the socket is admitted. */
  id: SocketId;
  readonly home: MemberHome;
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
    home: MemberHome,
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
    const { diagnostics, deadlines, userCode } = this.home.services;
    this.#acks ??= new Acks(
      deadlines,
      (callback, args) =>
        userCode.call(callback, args, { target: null, socket: this.face, event: "ack" }),
      (timeout) => {
        if (!diagnostics.ackTimedOut.active) return;
        diagnostics.ackTimedOut.publish({ nsp: this.home.name, socket: this.#named, timeout });
      },
    );
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
    if (result !== undefined) {
      const { face: socket } = this;
      this.home.services.userCode.watch(result, {
        target: null,
        socket,
        event: `adapter.${method}`,
      });
    }
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

  /** Handles a packet of the client. */
  receive(packet: Packet): void {
    if (this.#phase === "joining") {
      // As for any namespace whose CONNECT the client has not received.
      this.peer.breach(packet.nsp, "the client has not been admitted to the namespace yet");
      return;
    }
    const { packetReceived } = this.home.services.diagnostics;
    if (packetReceived.active) packetReceived.publish({ socket: this.#named, packet });
    switch (packet.type) {
      case PacketType.EVENT:
        this.#onEvent(packet);
        return;
      case PacketType.ACK:
        this.#acks?.onAnswer(packet.id ?? -1, packet.data as unknown[]);
        return;
      case PacketType.DISCONNECT:
        this.leave("client namespace disconnect");
        return;
      default:
        // A client has no reason to send any other type.
        this.peer.breach(packet.nsp, `clients do not send packets of type ${packet.type}`);
    }
  }

  /** Disconnects the client from the namespace; with `close`, closes the whole connection. */
  disconnect(close: boolean): void {
    this.home.services.walks.after(() => {
      if (this.#phase !== "connected") return;
      if (close) this.peer.disconnect();
      else {
        this.peer.sendDisconnect(this.home.name);
        this.leave("server namespace disconnect");
      }
    });
  }

  /** Leaves the namespace: rooms can still be read in `disconnecting`, and are empty in `disconnect`. */
  leave(reason: DisconnectReason, details?: Error): void {
    if (this.#phase === "joining") this.home.abandon(this);
    if (this.#phase !== "connected") return;
    this.#phase = "leaving";
    this.raise("disconnecting", [reason, details]);
    const isComingBack = RECOVERABLE.has(reason);
    if (isComingBack) this.recovery?.persist(this);
    this.leaveRooms();
    this.home.forget(this);
    if (!isComingBack) this.recovery?.end();
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
  raise(event: string, args: readonly unknown[]): void {
    const { face } = this;
    const { userCode } = this.home.services;
    userCode.raise(listenersOf(face), args, { target: face, socket: face, event });
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
    const { codec, diagnostics } = this.home.services;
    const encoded = codec.encode(recovery?.marked(packet, this) ?? packet);
    this.notifyOutgoingListeners(packet);
    if (flags?.volatile === true && !connection.isWritable()) return this.#dropped(packet);
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
    this.send({ type: PacketType.EVENT, nsp: this.home.name, data, id }, flags);
    if (this.#phase === "disconnected" && expectation.onDisconnect !== undefined) {
      expectation.onDisconnect(coreError("ERR_DISCONNECTED"));
    } else this.acks.expect(id, expectation);
  }

  /** Sends a broadcast packet to this client. */
  sendShared(message: SharedMessage, packet: Packet, isVolatile: boolean): SendOutcome {
    const { connection } = this.peer;
    this.notifyOutgoingListeners(packet);
    if (!isVolatile) this.recovery?.onAddressed(packet);
    else if (!connection.isWritable()) return this.#dropped(packet);
    return connection.sendShared(message);
  }

  /** Calls the catch-all listeners of sent events. */
  notifyOutgoingListeners({ data }: Packet): void {
    const outgoing = outgoingOf(this.face);
    if (outgoing === null) return;
    for (const listener of outgoing.list()) this.#call(listener, data as unknown[]);
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

  #onEvent(packet: Packet): void {
    const data = packet.data as Event;
    if (packet.id !== undefined) data.push(answerOnce(this.peer, packet.nsp, packet.id));
    const incoming = incomingOf(this.face);
    if (incoming !== null) {
      for (const listener of incoming.list()) this.#call(listener, data);
    }
    if (this.#middleware === null) this.#dispatch(data);
    else {
      const steps = this.#middleware.map((each) => middlewareStep(each, data));
      const { face } = this;
      const decided = (error: ExtendedError | undefined): void => {
        if (error !== undefined) this.raiseError(error);
        else if (this.isConnected) this.#dispatch(data);
      };
      runChain(steps, decided, (error) =>
        this.home.services.userCode.failed(error, { target: face, socket: face, event: "use" }),
      );
    }
  }

  #dispatch(data: Event): void {
    this.raise(data[0], data.slice(1));
  }

  #call(listener: Listener, args: readonly unknown[]): void {
    const { face } = this;
    const event = String(args[0]);
    this.home.services.userCode.call(listener, args, { target: face, socket: face, event });
  }
}
