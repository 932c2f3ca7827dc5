// The namespace as applications see it. A facade over `members/membership.ts`.

import type {
  AdapterContract,
  AdapterNamespace,
  BroadcastFlags,
  Delivery,
  SocketId,
} from "@sockeye/adapter";
import { type EventKey, type Listener, Listeners } from "@sockeye/events";
import type { Clock } from "@sockeye/portable";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { Next } from "../base/chain.ts";
import { coreError } from "../base/errors.ts";
import type { Services } from "../base/services.ts";
import { type Client, clientOf } from "../compat/client-face.ts";
import type { ConnectionFace } from "../compat/connection-face.ts";
import { type MemberMiddleware, Membership } from "../members/membership.ts";
import type { Peer } from "../members/peer.ts";
import { BroadcastApi } from "./broadcast-api.ts";
import { BroadcastOperator } from "./broadcast-operator.ts";
import { type RemoteDetails, RemoteSocket } from "./remote-socket.ts";
import { Socket, type SocketContext } from "./socket.ts";

/** Decides whether a socket may join a namespace: calls `next`, or is async, when a rejection rejects the socket. */
export type Middleware = (socket: Socket, next: Next) => void | Promise<void>;

/** The part of the server that this file uses. */
export interface NamespaceContext {
  readonly server: object;
  readonly services: Services;
  /** Returns the application's object for a connection. */
  connOf(peer: Peer): ConnectionFace;
}

/** Returns the membership behind a namespace. Internal to this package. */
export let membershipOf: (nsp: Namespace) => Membership;

/**
 * A communication channel over shared connections. Raises `connection` (and its alias `connect`) with each socket.
 * @example io.of("/admin").use(requireLogin).on("connection", (socket) => socket.emit("welcome"));
 */
export class Namespace extends BroadcastApi implements AdapterNamespace {
  readonly name: string;
  readonly server: object;
  readonly #inside: Membership;

  static {
    membershipOf = (nsp) => nsp.#inside;
  }

  /** `listeners`: those of the server, for its main namespace. */
  constructor(name: string, context: NamespaceContext, listeners: Listeners = new Listeners()) {
    super(listeners, () => new BroadcastOperator(membershipOf(this)));
    this.name = name;
    this.server = context.server;
    const client = { server: context.server, conn: (peer: Peer) => context.connOf(peer) };
    const sockets: SocketContext = {
      nsp: this,
      get base() {
        return inside;
      },
      clientOf: ({ peer }): Client => clientOf(peer, client),
      connOf: ({ peer }) => context.connOf(peer),
    };
    const inside: Membership = new Membership(name, context.services, {
      face: this,
      listeners,
      createSocket: (member) => new Socket(member, sockets),
      hold: (found) =>
        found instanceof Socket ? found : new RemoteSocket(inside, found as RemoteDetails),
    });
    this.#inside = inside;
  }

  /** The sockets that have joined on this server, by id. */
  get sockets(): Map<SocketId, Socket> {
    return this.#inside.sockets as Map<SocketId, Socket>;
  }

  /**
   * The adapter, which decides which sockets receive a broadcast. Raises `create-room`, `delete-room`, `join-room` and
   * `leave-room`.
   */
  get adapter(): AdapterContract {
    return this.#inside.adapter;
  }

  /** Adds a middleware, run for every client that wants to join, in order of registration. */
  use(middleware: Middleware): this {
    this.#inside.use(middleware as MemberMiddleware);
    return this;
  }

  /** Sends an event to the other servers of the cluster. */
  serverSideEmit(event: EventKey, ...args: unknown[]): boolean {
    if (event === "connect" || event === "connection" || event === "new_namespace") {
      throw coreError("ERR_RESERVED_EVENT", event);
    }
    const callback = args.at(-1);
    if (typeof callback !== "function") this.#inside.emitToServers([event, ...args], null);
    else this.#inside.emitToServers([event, ...args.slice(0, -1)], callback as Listener);
    return true;
  }

  /** Sends an event to the other servers of the cluster and resolves with one answer each. */
  serverSideEmitWithAck(event: EventKey, ...args: unknown[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.serverSideEmit(event, ...args, (error: Error | null, responses: unknown[]) => {
        if (error === null) resolve(responses);
        else reject(Object.assign(error, { responses }));
      });
    });
  }

  // The members below are for adapters.

  get clock(): Clock {
    return this.#inside.clock;
  }

  deliver(packet: Packet, flags: BroadcastFlags, encoded?: Encoded): Delivery {
    return this.#inside.deliver(packet, flags, encoded);
  }

  encode(packet: Packet): Encoded {
    return this.#inside.encode(packet);
  }

  nextAckId(): number {
    return this.#inside.nextAckId();
  }

  warn(text: string): void {
    this.#inside.services.warn(text);
  }

  onSessionsGone(): void {
    this.#inside.checkVacant();
  }

  /** How long sessions are kept, in milliseconds; nothing while connection state recovery is off. */
  get sessionAge(): number | undefined {
    return this.#inside.services.recovery?.maxDisconnectionDuration;
  }

  get hidesOffsets(): boolean {
    return this.#inside.services.recovery?.replay?.offsets === false;
  }

  evictSession(pid: string): void {
    this.#inside.evictSession(pid);
  }

  later(): (call: () => void) => void {
    return this.#inside.services.walks.later();
  }

  raiseAdapterEvent(
    listeners: Listeners,
    event: string,
    { args, target }: { readonly target: object; readonly args: readonly unknown[] },
  ): void {
    const { userCode } = this.#inside.services;
    userCode.raise(listeners, args, { target, socket: null, event });
  }

  callUser(callback: Listener, args: readonly unknown[]): void {
    this.#inside.callUser(callback, args);
  }

  decode(encoded: Encoded): Packet | undefined {
    return this.#inside.decode(encoded);
  }

  inWalk(call: () => void): void {
    this.#inside.walk(call);
  }

  onAdapterFailed(method: string, error: unknown): void {
    this.#inside.onAdapterFailed(method, error);
  }

  /** The number of the next packet that asks for acknowledgements: Socket.IO's adapters increment it themselves. */
  get _ids(): number {
    return this.#inside.ackId;
  }

  set _ids(next: number) {
    this.#inside.ackId = next;
  }

  // Socket.IO's namespaces have these two for themselves.

  /** Raises an event to the listeners; returns whether there were any. */
  emitReserved(event: string, ...args: unknown[]): boolean {
    return this.#inside.raise(event, args);
  }

  /** The same as `emitReserved`. */
  emitUntyped(event: string, ...args: unknown[]): boolean {
    return this.#inside.raise(event, args);
  }

  /** Called by an adapter with what another server has sent by `serverSideEmit`. */
  _onServerSideEmit([event, ...args]: readonly [string, ...unknown[]]): void {
    this.#inside.raise(event, args);
  }
}
