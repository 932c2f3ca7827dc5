// The sockets of a namespace: admission by middleware, removal, and broadcasts. `api/namespace.ts` is the application's
// facade over it.

import type {
  AdapterContract,
  BroadcastFlags,
  BroadcastOptions,
  Delivery,
  Session,
  SocketId,
} from "@sockeye/adapter";
import type { Listener, Listeners } from "@sockeye/events";
import type { Clock, Milliseconds } from "@sockeye/portable";
import type { Encoded, Packet } from "@sockeye/protocol";
import { type ExtendedError, middlewareStep, type Next, runChain } from "../base/chain.ts";
import type { PointSocket } from "../base/diagnostics.ts";
import type { Auth } from "../base/handshake.ts";
import type { Services } from "../base/services.ts";
import { AdapterSlot } from "./adapter-slot.ts";
import { type AdmissionHome, Admissions } from "./admissions.ts";
import {
  asError,
  type BroadcastDone,
  type BroadcastHome,
  Broadcasts,
  isPromise,
  type Ordered,
  type SelectionMethod,
} from "./broadcasts.ts";
import { decoded } from "./decoded.ts";
import { PacketDelivery } from "./delivery.ts";
import { Member, memberOf } from "./member.ts";
import type { MemberHome, MemberOrigin } from "./member-home.ts";
import type { Peer } from "./peer.ts";
import type { Joinable } from "./peer-context.ts";
import type { SavedSocket } from "./saved-peer.ts";
import { searchSession, soughtBy } from "./session-search.ts";
import type { SocketFace } from "./socket-face.ts";

/** Decides whether a socket may join: calls `next`, or is async. */
export type MemberMiddleware = (socket: SocketFace, next: Next) => unknown;

/** What a namespace passes to its membership. */
export interface MembershipSetUp {
  /** The application's namespace. */
  readonly face: object;
  /** The listeners of the namespace. */
  readonly listeners: Listeners;
  /** Creates the application's socket for a member. */
  createSocket(member: Member): SocketFace;
  /** Returns the application's object for a socket that an adapter has found, on this server or another one. */
  hold(found: object): unknown;
}

/** The sockets of one namespace. */
export class Membership
  implements MemberHome<Member>, AdmissionHome, BroadcastHome, Joinable<Peer>
{
  readonly name: string;
  readonly services: Services;
  /** The sockets that have joined, by id. */
  readonly sockets: Map<SocketId, SocketFace> = new Map();
  readonly #setUp: MembershipSetUp;
  readonly #createSocket: MembershipSetUp["createSocket"];
  readonly #slot: AdapterSlot;
  #middleware: readonly MemberMiddleware[] = [];
  #nextAckId = 0;
  /** Number of sockets whose middleware has not decided. */
  #joining = 0;
  readonly #admissions: Admissions = new Admissions(this);
  readonly #broadcasts: Broadcasts = new Broadcasts(this);
  /** Sockets that were set up again, when there are any. */
  #adopted: WeakSet<Member> | null = null;
  /** Called when the last socket has left or was rejected. */
  onVacant: (() => void) | null = null;

  constructor(name: string, services: Services, setUp: MembershipSetUp) {
    this.name = name;
    this.services = services;
    this.#slot = new AdapterSlot(name, services);
    this.#setUp = setUp;
    this.#createSocket = (member) => setUp.createSocket(member);
  }

  /** The adapter, which decides which sockets receive a broadcast. @throws Error before `useAdapter` */
  get adapter(): AdapterContract {
    return this.#slot.adapter;
  }

  /**
   * Sets the adapter. The sockets join their rooms in it, then the former adapter is closed; its sessions of
   * disconnected sockets are lost.
   */
  useAdapter(next: AdapterContract): void {
    this.#slot.use(next);
  }

  /** Calls the adapter; an error is reported and not rethrown. */
  guard(
    method: string,
    call: (adapter: AdapterContract) => unknown,
    socket: object | null = null,
  ): void {
    this.#slot.guard(method, call, socket);
  }

  /** Whether its adapter knows the other servers, or does not wait for them. */
  get isReady(): boolean {
    return this.#slot.isReady();
  }

  use(middleware: MemberMiddleware): void {
    this.#middleware = [...this.#middleware, middleware];
  }

  /** Copies the middleware and listeners of another namespace. */
  inherit(from: Membership): void {
    this.#middleware = [...from.#middleware];
    this.#setUp.listeners.copyFrom(from.#setUp.listeners);
  }

  /** A client wants to join, with or without the session of an earlier connection; middleware decides. */
  join(peer: Peer, auth: Auth | null): void {
    this.#joining += 1;
    const sought = soughtBy(this, peer, auth);
    if (sought === null) {
      this.#runMiddleware(this.#createMember(peer, { auth }), this.#middleware);
      return;
    }
    const { isKeyed, pid } = sought;
    const origin = isKeyed ? { auth, key: pid } : { auth };
    const found = (session: Session | null): void => {
      const member = this.#createMember(peer, session === null ? origin : { ...origin, session });
      if (session !== null) this.#admissions.claim(pid, member);
      // A private id is a secret, which proves who its client is; a key is what the application made it.
      const isKnown = session !== null && !isKeyed;
      const isSkipping = isKnown && this.services.recovery?.skipMiddlewares === true;
      this.#runMiddleware(member, isSkipping ? [] : this.#middleware);
    };
    searchSession(this, this.#admissions, { sought, found });
  }

  /** Sets up a socket again; no middleware runs. `announce` raises `connection` for it. */
  revive(peer: Peer, saved: SavedSocket): Member {
    const member = this.#createMember(peer, { auth: saved.auth, saved });
    this.#adopted ??= new WeakSet();
    this.#adopted.add(member);
    this.#admissions.readmit(member, saved);
    member.recovery?.reopen(member);
    return member;
  }

  announce(member: Member): void {
    this.#admissions.announce(member);
  }

  isAdopted(member: Member): boolean {
    return this.#adopted?.has(member) === true;
  }

  #createMember(peer: Peer, origin: MemberOrigin): Member {
    return new Member(this, peer, { origin, face: this.#createSocket });
  }

  #runMiddleware(member: Member, middleware: readonly MemberMiddleware[]): void {
    if (middleware.length === 0) {
      this.#onVerdict(member);
      return;
    }
    const { face, peer } = member;
    const subject = { kind: "use", nsp: this.name, socket: face } as const;
    const { stalls } = this.services;
    const steps = middleware.map((each) => stalls.watched(middlewareStep(each, face), subject));
    const decided = (error: ExtendedError | undefined): void => {
      try {
        this.#onVerdict(member, error);
      } catch (fault) {
        peer.fail(this.name, fault);
      }
    };
    runChain(steps, decided, (error) =>
      this.services.userCode.failed(error, {
        target: null,
        socket: face,
        event: "use",
        kind: "middleware",
      }),
    );
  }

  /** Middleware has accepted the socket, or rejected it with an error. */
  #onVerdict(member: Member, error?: ExtendedError): void {
    const { peer } = member;
    this.#joining -= 1;
    if (peer.connection.isOpen && error === undefined) {
      this.#admissions.admit(member);
      return;
    }
    peer.onNotJoined(this.name);
    member.leaveRooms();
    this.#admissions.forgetPid(member);
    member.recovery?.giveBack(member);
    if (error !== undefined) this.#reject(member, error);
    this.checkVacant();
  }

  #reject(member: Member, error: ExtendedError): void {
    const { socketRejected } = this.services.diagnostics;
    if (socketRejected.active) {
      socketRejected.publish({ socket: this.#named(member), nsp: this.name, error });
    }
    member.reject(error);
  }

  abandon(member: Member): void {
    this.#admissions.abandon(member);
  }

  /** Removes a member that has left. */
  forget(member: Member): void {
    if (this.sockets.get(member.id) === member.face) this.sockets.delete(member.id);
    this.#admissions.forgetPid(member);
    this.checkVacant();
  }

  /** The client of a private id has come to another server. */
  evictSession(pid: string): void {
    this.#admissions.evict(pid);
  }

  deliver(packet: Packet, flags: BroadcastFlags, encoded?: Encoded): Delivery {
    const { codec, walks } = this.services;
    const { counts } = walks;
    const admissions = this.#admissions.pending;
    const context = { codec, sockets: this.sockets, encoded, counts, admissions };
    return new PacketDelivery(packet, flags, context);
  }

  /** See `Broadcasts`. */
  broadcast(packet: Packet, options: BroadcastOptions, done?: BroadcastDone): void {
    this.#broadcasts.broadcast(packet, options, done);
  }

  order(packet: Packet, ordered: Ordered): void {
    this.#broadcasts.order(packet, ordered);
  }

  walk<T>(call: (adapter: AdapterContract) => T): T {
    return this.#broadcasts.walk(call);
  }

  select(method: SelectionMethod, call: (adapter: AdapterContract) => unknown): void {
    this.#broadcasts.select(method, call);
  }

  encode(packet: Packet): Encoded {
    return this.services.codec.encode(packet);
  }

  /** Decodes a packet; nothing when it is malformed. */
  decode(encoded: Encoded): Packet | undefined {
    return decoded(this.services.codec, encoded);
  }

  nextAckId(): number {
    const id = this.ackId;
    this.ackId = id + 1;
    return id;
  }

  /** The number of the next packet that asks for acknowledgements. */
  get ackId(): number {
    return Math.max(this.#nextAckId, this.services.ackNumbers.floor);
  }

  set ackId(next: number) {
    this.#nextAckId = next;
    this.services.ackNumbers.onNext(next);
  }

  callUser(callback: Listener, args: readonly unknown[]): void {
    this.services.userCode.call(callback, args, {
      target: null,
      socket: null,
      event: "ack",
      kind: "acknowledgement",
    });
  }

  get clock(): Clock {
    return this.services.clock;
  }

  /** A socket of another server, as its adapter describes it, or a socket of this one. */
  hold(found: object): unknown {
    return this.#setUp.hold(found);
  }

  /** Raises an event of the library to the namespace's listeners. */
  raise(event: string, args: readonly unknown[], socket: SocketFace | null = null): boolean {
    const { face, listeners } = this.#setUp;
    return this.services.userCode.raise(listeners, args, { target: face, socket, event });
  }

  /** As `raise`, for an event that a client can cause: returns the first error that a listener threw. */
  attempt(event: string, args: readonly unknown[]): { readonly error: unknown } | null {
    const { face, listeners } = this.#setUp;
    return this.services.userCode.attempt(listeners, args, { target: face, socket: null, event });
  }

  /** Acknowledgements of a broadcast did not arrive in time. */
  onAcksOverdue(timeout: Milliseconds): void {
    const { ackTimedOut } = this.services.diagnostics;
    if (ackTimedOut.active) ackTimedOut.publish({ nsp: this.name, socket: null, timeout });
  }

  /** Disconnects every socket because the server shuts down. */
  shutDown(): void {
    for (const face of [...this.sockets.values()]) memberOf(face).leave("server shutting down");
  }

  /** Ends the adapter; resolves when that is over, whether it has failed or not. */
  closeAdapter(): Promise<void> {
    return this.#slot.close();
  }

  /** Sends an event to the other servers; `callback` is called once, with an error and their answers. */
  emitToServers(data: readonly unknown[], callback: Listener | null): void {
    let isAnswered = false;
    const answer = (...args: unknown[]): void => {
      if (isAnswered || callback === null) return;
      isAnswered = true;
      this.callUser(callback, args);
    };
    const result: unknown = this.adapter.serverSideEmit(
      callback === null ? [...data] : [...data, answer],
    );
    if (!isPromise(result)) return;
    result.then(undefined, (error: unknown) => {
      if (callback === null) this.onAdapterFailed("serverSideEmit", error);
      else answer(asError(error), []);
    });
  }

  /** Calls `onVacant` when the namespace has no sockets, no pending ones, and no stored sessions. */
  checkVacant(): void {
    if (this.sockets.size > 0 || this.#joining > 0 || this.#admissions.pending !== null) return;
    if (!this.#slot.holdsSessions()) this.onVacant?.();
  }

  /** A member in the form of the diagnostics points. */
  #named(member: Member): PointSocket {
    return member.face as SocketFace & PointSocket;
  }

  /** An adapter threw, or rejected, where no caller waits for it. */
  onAdapterFailed(method: string, error: unknown, socket: object | null = null): void {
    this.#slot.onFailed(method, error, socket);
  }

  reportAdapterFailure(method: string, error: unknown, socket: object | null): boolean {
    return this.#slot.report(method, error, socket);
  }
}
