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
import type { Joinable, Peer } from "./peer.ts";
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

const NO_AUTH: Auth = {};
const SAME_WARNING_AFTER: Milliseconds = 10_000;

/** The sockets of one namespace. */
export class Membership implements MemberHome<Member>, AdmissionHome, BroadcastHome, Joinable {
  readonly name: string;
  readonly services: Services;
  /** The sockets that have joined, by id. */
  readonly sockets: Map<SocketId, SocketFace> = new Map();
  readonly #setUp: MembershipSetUp;
  readonly #createSocket: MembershipSetUp["createSocket"];
  #adapter: AdapterContract | null = null;
  #middleware: readonly MemberMiddleware[] = [];
  #nextAckId = 0;
  /** Number of sockets whose middleware has not decided. */
  #joining = 0;
  readonly #admissions: Admissions = new Admissions(this);
  readonly #broadcasts: Broadcasts = new Broadcasts(this);
  /** The last warning about the adapter. */
  #warned = { text: "", at: 0 };
  /** Called when the last socket has left or was rejected. */
  onVacant: (() => void) | null = null;

  constructor(name: string, services: Services, setUp: MembershipSetUp) {
    this.name = name;
    this.services = services;
    this.#setUp = setUp;
    this.#createSocket = (member) => setUp.createSocket(member);
  }

  /** The adapter, which decides which sockets receive a broadcast. @throws Error before `useAdapter` */
  get adapter(): AdapterContract {
    if (this.#adapter === null) throw new Error(`namespace "${this.name}" has no adapter yet`);
    return this.#adapter;
  }

  /**
   * Sets the adapter. The sockets join their rooms in it, then the former adapter is closed; its sessions of
   * disconnected sockets are lost.
   */
  useAdapter(next: AdapterContract): void {
    const former = this.#adapter;
    this.#adapter = next;
    if (former === null) return;
    this.guard("init", () => next.init());
    for (const [id, rooms] of former.sids) {
      this.guard("addAll", () => next.addAll(id, new Set(rooms)));
    }
    this.guard("close", () => former.close());
  }

  /** Calls the adapter; an error is reported and not rethrown. */
  guard(
    method: string,
    call: (adapter: AdapterContract) => unknown,
    socket: object | null = null,
  ): void {
    try {
      const result = call(this.adapter);
      if (!isPromise(result)) return;
      result.then(undefined, (error) => this.onAdapterFailed(method, error, socket));
    } catch (error) {
      this.onAdapterFailed(method, error, socket);
    }
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
    const { recovery } = this.services;
    const { offset, pid } = auth ?? NO_AUTH;
    if (recovery === undefined || typeof pid !== "string") {
      this.#runMiddleware(this.#createMember(peer, { auth }), this.#middleware);
      return;
    }
    const proceed = (session: Session | null): void => {
      const member = this.#createMember(peer, session === null ? { auth } : { auth, session });
      if (session !== null) this.#admissions.claim(pid, member);
      const isSkipping = session !== null && recovery.skipMiddlewares;
      this.#runMiddleware(member, isSkipping ? [] : this.#middleware);
    };
    const named = offset ?? undefined;
    // Adapters written for Socket.IO are asked with an offset only, as they are there.
    const isOffset =
      (named === undefined && this.adapter.currentOffset !== undefined) ||
      (typeof named === "string" && this.adapter.isOffset?.(named) !== false);
    if (isOffset) this.#restore(pid, named, proceed);
    // An invented offset must neither close the connection of the session's owner nor consume the session.
    else {
      this.#admissions.tellMiss(pid, "unknown offset");
      proceed(null);
    }
  }

  /** Requests a session from the adapter; `proceed` is called once, synchronously or later. */
  #restore(
    pid: string,
    offset: string | undefined,
    proceed: (session: Session | null) => void,
  ): void {
    this.#admissions.evict(pid);
    const found = (session: Session | null): void => {
      if (session === null) {
        this.#admissions.tellMiss(pid, this.adapter.lastMiss ?? "unknown session");
      }
      proceed(session);
    };
    const failed = (error: unknown): void => {
      this.onAdapterFailed("restoreSession", error);
      this.#admissions.tellMiss(pid, "adapter failed");
      proceed(null);
    };
    let session: Promise<Session | null> | Session | null;
    try {
      session = this.adapter.restoreSession(pid, offset);
    } catch (error) {
      failed(error);
      return;
    }
    if (session instanceof Promise) session.then(found, failed);
    else found(session);
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
      this.services.userCode.failed(error, { target: null, socket: face, event: "use" }),
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
    return this.#nextAckId++;
  }

  /** The number of the next packet that asks for acknowledgements. */
  get ackId(): number {
    return this.#nextAckId;
  }

  set ackId(next: number) {
    this.#nextAckId = next;
  }

  callUser(callback: Listener, args: readonly unknown[]): void {
    this.services.userCode.call(callback, args, { target: null, socket: null, event: "ack" });
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
  async closeAdapter(): Promise<void> {
    try {
      await this.adapter.close();
    } catch (error) {
      this.onAdapterFailed("close", error);
    }
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
    if (!this.#holdsSessions()) this.onVacant?.();
  }

  /** Whether sockets may come back; while the adapter cannot say, they may. */
  #holdsSessions(): boolean {
    try {
      return this.adapter.holdsSessions?.() === true;
    } catch (error) {
      this.onAdapterFailed("holdsSessions", error);
      return true;
    }
  }

  /** A member in the form of the diagnostics points. */
  #named(member: Member): PointSocket {
    return member.face as SocketFace & PointSocket;
  }

  /** An adapter threw, or rejected, where no caller waits for it. */
  onAdapterFailed(method: string, error: unknown, socket: object | null = null): void {
    if (this.reportAdapterFailure(method, error, socket)) return;
    const text = `the adapter of "${this.name}" failed in ${method}(): ${String(error)}`;
    // A broker that is away fails every broadcast.
    const now = this.clock.now();
    if (text === this.#warned.text && now - this.#warned.at < SAME_WARNING_AFTER) return;
    this.#warned = { text, at: now };
    this.services.warn(text);
  }

  reportAdapterFailure(method: string, error: unknown, socket: object | null): boolean {
    const { diagnostics, userCode } = this.services;
    if (diagnostics.adapterFailed.active) {
      diagnostics.adapterFailed.publish({ nsp: this.name, method, error });
    }
    return userCode.take(error, { target: null, socket, event: `adapter.${method}` });
  }
}
