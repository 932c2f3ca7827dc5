// A namespace: its sockets, who may join, and what is sent to all of them.

import type {
  AdapterContract,
  AdapterNamespace,
  BroadcastFlags,
  Delivery,
  Room,
  Session,
  SocketId,
} from "@sockeye/adapter";
import { Emitter, type EventKey, type Listener, type Listeners } from "@sockeye/events";
import type { Clock } from "@sockeye/portable";
import type { Encoded, Packet } from "@sockeye/protocol";
import { Admissions } from "./admissions.ts";
import { type BroadcastBase, BroadcastOperator, EVERYBODY } from "./broadcast-operator.ts";
import { PacketDelivery } from "./delivery.ts";
import type { Auth } from "./handshake.ts";
import { type ExtendedError, type Middleware, runChain } from "./middleware.ts";
import type { Peer } from "./peer.ts";
import type { RemoteSocket } from "./remote-socket.ts";
import type { Server } from "./server.ts";
import { Socket } from "./socket.ts";

const NO_AUTH: Auth = {};

/** A communication channel over shared connections. Raises `connection` (and its alias `connect`) with each socket. */
export class Namespace extends Emitter implements AdapterNamespace<Socket>, BroadcastBase {
  readonly name: string;
  readonly server: Server;
  /** The sockets that have joined, by id. */
  readonly sockets: Map<SocketId, Socket> = new Map();
  #adapter: AdapterContract<Socket>;
  #middleware: readonly Middleware[] = [];
  #ackId = 0;
  /** Peers that middleware is deciding about. */
  #joining = 0;
  readonly #admissions: Admissions = new Admissions(this, () => this.#checkVacant());
  /** Called when the last socket has left or was refused. */
  onVacant: (() => void) | null = null;

  constructor(
    server: Server,
    name: string,
    makeAdapter: (nsp: Namespace) => AdapterContract<Socket> = (nsp) => server.makeAdapter(nsp),
  ) {
    super();
    this.server = server;
    this.name = name;
    this.#adapter = makeAdapter(this);
  }

  /** Decides who receives what. */
  get adapter(): AdapterContract<Socket> {
    return this.#adapter;
  }

  get clock(): Clock {
    return this.server.clock;
  }

  /**
   * Makes the adapter anew, after the server's factory has changed. Sockets stay in their rooms; what was kept for
   * sockets that are away is gone. The former adapter is closed.
   */
  renewAdapter(): void {
    const former = this.#adapter;
    const next = this.server.makeAdapter(this);
    this.#adapter = next;
    this.#watch(() => next.init(), "started");
    for (const [id, rooms] of former.sids) {
      this.#watch(() => next.addAll(id, new Set(rooms)), "given the rooms of a socket");
    }
    this.#watch(() => former.close(), "closed");
  }

  /** Adds a middleware, run for every peer that wants to join, in order of registration. */
  use(middleware: Middleware): this {
    this.#middleware = [...this.#middleware, middleware];
    return this;
  }

  /** Takes over the middleware and listeners of another namespace. */
  inherit(from: Namespace): void {
    this.#middleware = [...from.#middleware];
    this.listenersByEvent.copyFrom(from.listenersByEvent);
  }

  /** A peer wants to join: as somebody who comes back, or anew; middleware decides. */
  join(peer: Peer, auth: Auth | null): void {
    this.#joining += 1;
    const { recovery } = this.server;
    const { offset, pid } = auth ?? NO_AUTH;
    if (recovery === undefined || typeof pid !== "string") {
      this.#consider(new Socket(this, peer, { auth }), this.#middleware);
      return;
    }
    const proceed = (session: Session | null): void => {
      const socket = new Socket(this, peer, session === null ? { auth } : { auth, session });
      if (session !== null) this.#admissions.claim(pid, socket);
      const isSkipping = session !== null && recovery.skipMiddlewares;
      this.#consider(socket, isSkipping ? [] : this.#middleware);
    };
    const named = offset ?? undefined;
    const isOffset =
      named === undefined ||
      (typeof named === "string" && this.#adapter.isOffset?.(named) !== false);
    // A client that makes up an offset neither ends the connection of the session's owner nor spends the session.
    if (!isOffset) {
      proceed(null);
      return;
    }
    this.#admissions.evict(pid);
    let session: Promise<Session | null> | Session | null;
    try {
      session = this.#adapter.restoreSession(pid, named);
    } catch (error) {
      session = Promise.reject(error);
    }
    if (session instanceof Promise) {
      session.then(proceed, (error: unknown) => {
        this.warn(`a session could not be restored: ${String(error)}`);
        proceed(null);
      });
    } else proceed(session);
  }

  #consider(socket: Socket, middleware: readonly Middleware[]): void {
    if (middleware.length === 0) {
      this.#decided(socket);
      return;
    }
    const steps = middleware.map((each) => ({
      run: (next: (error?: ExtendedError) => void): unknown => each(socket, next),
      takesNext: each.length !== 1,
    }));
    runChain(steps, (error) => this.#decided(socket, error));
  }

  /** Nobody has anything against the socket, or somebody has. */
  #decided(socket: Socket, error?: ExtendedError): void {
    const { client: peer } = socket;
    this.#joining -= 1;
    if (peer.connection.isOpen && error === undefined) {
      this.#admissions.admit(socket);
      return;
    }
    peer.onNotJoined(this);
    socket.leaveRooms();
    this.#admissions.forgetPid(socket);
    socket.recovery?.giveBack(socket);
    if (error !== undefined) socket.refuse(error);
    this.#checkVacant();
  }

  /** Forgets a socket. */
  forget(socket: Socket): void {
    if (this.sockets.get(socket.id) === socket) this.sockets.delete(socket.id);
    this.#admissions.forgetPid(socket);
    this.#checkVacant();
  }

  onSessionsGone(): void {
    this.#checkVacant();
  }

  deliver(packet: Packet, flags: BroadcastFlags, encoded?: Encoded): Delivery {
    const { codec } = this.server;
    const { sockets } = this;
    const admissions = this.#admissions.pending;
    return new PacketDelivery(packet, flags, { codec, sockets, encoded, admissions });
  }

  encode(packet: Packet): Encoded {
    return this.server.codec.encode(packet);
  }

  nextAckId(): number {
    return this.#ackId++;
  }

  /** The number of the next packet that asks for acknowledgements, for adapters that count on by themselves. */
  get _ids(): number {
    return this.#ackId;
  }

  set _ids(next: number) {
    this.#ackId = next;
  }

  /** An adapter brings what another server has sent with `serverSideEmit`. */
  _onServerSideEmit([event, ...args]: readonly [string, ...unknown[]]): void {
    this.raise(event, args);
  }

  warn(text: string): void {
    this.server.warn(text);
  }

  callUser(callback: Listener, args: readonly unknown[]): void {
    this.server.userCode.call(callback, args, { target: null, socket: null, event: "ack" });
  }

  raiseAdapterEvent(
    listeners: Listeners,
    event: string,
    { args, target }: { readonly target: object; readonly args: readonly unknown[] },
  ): void {
    this.server.userCode.raise(listeners, args, { target, socket: null, event });
  }

  /** Calls a method of the adapter, which may be the application's: what it throws stops nothing here. */
  callAdapter(method: "delAll" | "persistSession", socket: Socket, arg: unknown): void {
    const where = { target: this.#adapter, socket, event: method };
    this.server.userCode.call(this.#adapter[method] as Listener, [arg], where);
  }

  /** A socket whose rooms or missed packets are awaited is gone. */
  abandon(socket: Socket): void {
    this.#admissions.abandon(socket);
  }

  /** Members of these rooms. */
  to(room: Room | Room[]): BroadcastOperator {
    return this.#everybody().to(room);
  }

  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator {
    return this.#everybody().in(room);
  }

  /** Everybody but the members of these rooms. */
  except(room: Room | Room[]): BroadcastOperator {
    return this.#everybody().except(room);
  }

  /** Sends an event to everybody. */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#everybody().emit(event, ...args);
  }

  /** Sends an event to everybody and resolves with their answers. */
  emitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return this.#everybody().emitWithAck(event, ...args);
  }

  /** Emits `message` to everybody. */
  send(...args: unknown[]): this {
    this.emit("message", ...args);
    return this;
  }

  /** Emits `message` to everybody. */
  write(...args: unknown[]): this {
    return this.send(...args);
  }

  compress(compress: boolean): BroadcastOperator {
    return this.#everybody().compress(compress);
  }

  get volatile(): BroadcastOperator {
    return this.#everybody().volatile;
  }

  get local(): BroadcastOperator {
    return this.#everybody().local;
  }

  timeout(timeout: number): BroadcastOperator {
    return this.#everybody().timeout(timeout);
  }

  fetchSockets(): Promise<(Socket | RemoteSocket)[]> {
    return this.#everybody().fetchSockets();
  }

  allSockets(): Promise<Set<SocketId>> {
    return this.#everybody().allSockets();
  }

  socketsJoin(room: Room | Room[]): void {
    this.#everybody().socketsJoin(room);
  }

  socketsLeave(room: Room | Room[]): void {
    this.#everybody().socketsLeave(room);
  }

  disconnectSockets(close = false): void {
    this.#everybody().disconnectSockets(close);
  }

  /** Sends an event to the other servers of the cluster. @throws Error when the name is reserved */
  serverSideEmit(event: EventKey, ...args: unknown[]): boolean {
    if (event === "connect" || event === "connection" || event === "new_namespace") {
      throw new Error(`"${event}" is a reserved event name`);
    }
    this.#adapter.serverSideEmit([event, ...args]);
    return true;
  }

  /**
   * Sends an event to the other servers of the cluster and resolves with one answer each;
   * rejects with `error.responses` when some do not answer in time.
   */
  serverSideEmitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.serverSideEmit(event, ...args, (error: Error | null, responses: unknown[]) => {
        if (error === null) resolve(responses);
        else reject(Object.assign(error, { responses }));
      });
    });
  }

  /** Raises an event of the library's own. */
  raise(event: string, args: readonly unknown[]): void {
    const socket = args[0] instanceof Socket ? args[0] : null;
    this.server.userCode.raise(this.listenersByEvent, args, { target: this, socket, event });
  }

  /** Calls the adapter's life-cycle methods: what they throw or reject with is told. */
  #watch(begin: () => Promise<void> | void, what: string): void {
    const tell = (error: unknown): void =>
      this.warn(`an adapter could not be ${what}: ${String(error)}`);
    try {
      const result = begin();
      if (result instanceof Promise) result.catch(tell);
    } catch (error) {
      tell(error);
    }
  }

  #checkVacant(): void {
    if (this.sockets.size > 0 || this.#joining > 0 || this.#admissions.pending !== null) return;
    if (this.#adapter.holdsSessions?.() !== true) this.onVacant?.();
  }

  #everybody(): BroadcastOperator {
    return new BroadcastOperator(this, EVERYBODY);
  }
}
