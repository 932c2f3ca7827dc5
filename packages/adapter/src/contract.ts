// The contract between a namespace and its adapter. An adapter decides which sockets receive a broadcast; it does not
// see connections. Names and shapes are those of Socket.IO's adapter contract, so that adapters written for it work
// here.

import type { Listeners } from "@sockeye/events";
import type { Clock, Milliseconds } from "@sockeye/portable";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { ChannelReceiver } from "./channels.ts";

/** A room: any value that can be a map key; numbers and strings differ. */
export type Room = string;
/** The id of a socket, which is also the name of its own room. */
export type SocketId = string;

/** Modifiers of a packet. */
export interface BroadcastFlags {
  /** Drop the packet for clients to which it cannot be sent immediately. Default `false`. */
  volatile?: boolean;
  /** Whether the packet may be compressed. Default `true`. */
  compress?: boolean;
  /** Only sockets of this server. Default `false`. */
  local?: boolean;
  /** Takes the place of an earlier packet of this key that the client has not taken yet. Default none. */
  latest?: string;
  broadcast?: boolean;
  binary?: boolean;
  /** Milliseconds to wait for acknowledgements. */
  timeout?: number;
}

/** The address of a broadcast: members of any of `rooms` (every socket when empty) that are in none of `except`. */
export interface BroadcastOptions {
  rooms: Set<Room>;
  except?: Set<Room>;
  flags?: BroadcastFlags;
}

/** Sends one packet to many: encoded at the first recipient, and only once. */
export interface Delivery {
  to(id: SocketId): void;
}

/** The namespace as its adapter sees it. */
export interface AdapterNamespace<S extends AdapterSocket = AdapterSocket> {
  readonly name: string;
  readonly clock: Clock;
  readonly sockets: ReadonlyMap<SocketId, S>;
  /** Encodes a packet. */
  encode(packet: Packet): Encoded;
  /** Begins a broadcast of `packet`; `encoded` is its wire form, where that exists already. */
  deliver(packet: Packet, flags: BroadcastFlags, encoded?: Encoded): Delivery;
  /** Returns the id for a packet that asks for acknowledgements. */
  nextAckId(): number;
  /** Warns the operator of something that does not work. */
  warn(text: string): void;
  /** Called when the last session has expired: `holdsSessions()` now returns `false`. */
  onSessionsGone?(): void;
  /**
   * Raises an event of the adapter, so that what its listeners throw does not reach the adapter. Without this member
   * the adapter finishes its work and rethrows.
   */
  raiseAdapterEvent?(
    listeners: Listeners,
    event: string,
    call: { readonly target: object; readonly args: readonly unknown[] },
  ): void;
  /** Calls a function of the application, so that its errors do not reach the adapter. */
  callUser?(callback: (...args: unknown[]) => void, args: readonly unknown[]): void;
  /** The server, which adapters of its namespaces have in common. */
  readonly server?: object;
  /** Decodes the packet that another server with the same codec has encoded; nothing when it is malformed. */
  decode?(encoded: Encoded): Packet | undefined;
  /** Calls the adapter back within a walk: closings and broadcasts that the call causes are deferred until its end. */
  inWalk?(call: () => void): void;
  /** Reports what failed in the adapter while no caller waited for it. */
  onAdapterFailed?(method: string, error: unknown): void;
  /** How long the sessions of sockets that have left are kept; nothing while connection state recovery is off. */
  readonly sessionAge?: Milliseconds | undefined;
  /** Whether offsets are no part of events, because no client names them. Default `false`. */
  readonly hidesOffsets?: boolean;
  /** Ends the connection of the socket with this `pid`: its client has come back to another server. */
  evictSession?(pid: string): void;
  /** Returns a function that runs a later delivery as part of the broadcast that is being made: it counts its outcome. */
  later?(): (call: () => void) => void;
  /** Raises an event that another server has sent by `serverSideEmit`. */
  _onServerSideEmit?(packet: readonly [string, ...unknown[]]): void;
}

/** A socket as the adapter sees it. */
export interface AdapterSocket {
  readonly id: SocketId;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close?: boolean): this;
  /** The pending acknowledgements of the socket, by packet id. */
  readonly acks: {
    set(id: number, callback: (...args: unknown[]) => void): unknown;
    delete(id: number): unknown;
  };
}

/** Clients of a server that can no longer answer, because it has left or was not reached. */
export interface LostClients {
  readonly server: string;
  /** How many of the clients that it counted have not answered. */
  readonly clients: number;
  /** Whether it has counted its clients. When not, this call is made in the place of its count. */
  readonly isCounted: boolean;
}

/** Called with the number of clients to which one server has sent a packet; with `lost` when that server has ended. */
export type ClientCountCallback = (count: number, lost?: LostClients) => void;
/** Called with the arguments of one client's acknowledgement. */
export type AnswerCallback = (...args: unknown[]) => void;

/** The stored state of a socket that has left. */
export interface Session {
  /** The private id, a secret between server and client: a client that names it continues the session. */
  readonly pid: string;
  readonly sid: SocketId;
  readonly rooms: Room[];
  readonly data: unknown;
  /** The offset from which to replay: that of joining, unless the client names a later one. */
  readonly offset?: string;
  /** Rooms that were joined after `offset`, each with the offset of that moment: nothing earlier is sent from them. */
  readonly joined?: readonly (readonly [Room, string])[];
  /** The last packet that was addressed to the socket: a client that has it has missed nothing before `left`. */
  readonly sent?: string;
  /** The offset at which the socket left. */
  readonly left?: string;
  /** The missed packets, where the adapter returns them together with the session, as those for Socket.IO do. */
  readonly missedPackets?: unknown[][];
}

/** The session of a socket that is connected. */
export interface LiveSession {
  /** The data of the socket as it is now. */
  readonly data: unknown;
  /** The offset of the last packet that was addressed to the socket. */
  readonly sent: string;
  /** Where the replay begins, when the client has confirmed more than the beginning of its session. */
  readonly offset?: string | undefined;
  /** The session cannot go on: ends the connection, so that the client begins anew. */
  end(): void;
}

/** Limits of a search for missed packets. */
export interface MissedRange {
  /** See `Session.joined`. */
  readonly joined?: readonly (readonly [Room, string])[] | undefined;
  /** The last packet to return; later ones are delivered as they are sent. Default: every packet. */
  readonly until?: string;
}

/** The packets that a client missed. */
export interface Missed {
  /** Encoded, in order. */
  readonly packets: readonly Encoded[];
  /** The offset of the last of them; of where the search began when there are none. */
  readonly last: string;
}

/**
 * Decides which sockets receive a broadcast, on this server and, in a cluster, on the others. The members that adapters
 * written for Socket.IO do not have are optional.
 */
export interface AdapterContract<S extends AdapterSocket = AdapterSocket> {
  readonly rooms: ReadonlyMap<Room, ReadonlySet<SocketId>>;
  readonly sids: ReadonlyMap<SocketId, ReadonlySet<Room>>;
  init(): Promise<void> | void;
  close(): Promise<void> | void;
  /** Whether the server may take clients: the other servers are known, or were waited for long enough. Default: it may. */
  readonly isReady?: boolean;
  serverCount(): Promise<number>;
  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void;
  del(id: SocketId, room: Room): Promise<void> | void;
  delAll(id: SocketId): void;
  broadcast(packet: Packet, options: BroadcastOptions): void;
  /** May return a function that stops waiting. Has four parameters because Socket.IO's has four. */
  broadcastWithAck(
    packet: Packet,
    options: BroadcastOptions,
    onClientCount: ClientCountCallback,
    onAnswer: AnswerCallback,
    // biome-ignore lint/suspicious/noConfusingVoidType: those of Socket.IO are declared to return nothing.
  ): (() => void) | void;
  sockets(rooms: Set<Room>): Promise<Set<SocketId>>;
  socketRooms(id: SocketId): Set<Room> | undefined;
  fetchSockets(options: BroadcastOptions): Promise<S[]>;
  addSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void;
  delSockets(options: BroadcastOptions, rooms: Room[]): Promise<void> | void;
  disconnectSockets(options: BroadcastOptions, close: boolean): Promise<void> | void;
  serverSideEmit(packet: unknown[]): void;
  /** Begins a channel to the same feature on the other nodes; see `ChannelReceiver`. */
  channel?(name: string, receiver: ChannelReceiver): void;
  /** Ends a channel. */
  closeChannel?(name: string): void;
  /** The offset of the packet that this server has delivered last. Empty when the adapter keeps no packets. */
  currentOffset?(): string;
  /** Keeps a session until it expires. */
  persistSession(session: Session): void;
  /** A session has begun, or goes on, with a socket that is connected now: for adapters that keep it meanwhile. */
  openSession?(session: Session, live: LiveSession): void;
  /** The client of a socket has confirmed what it was sent, up to `LiveSession.offset`. */
  confirmSession?(id: SocketId): void;
  /** A socket has left for good: its session ends. */
  dropSession?(pid: string): void;
  /**
   * Calls back when what was broadcast until now has been delivered here: at once, when it has. What goes to a client
   * directly (a disconnection, a question) comes after it.
   */
  whenDelivered?(call: () => void): void;
  /**
   * Whether a client may have been given this text as an offset. When not, neither the session nor a socket that is
   * still connected with its `pid` is touched. Default: every text.
   */
  isOffset?(offset: string): boolean;
  /** Why the last `restoreSession` found nothing, for diagnostics; an adapter whose answers come later cannot know. */
  readonly lastMiss?: "packets gone" | "unknown session";
  /** Returns a session and removes it; `null` when it is unknown, or missed packets are no longer kept. */
  restoreSession(pid: string, offset: string | undefined): Promise<Session | null> | Session | null;
  /**
   * The packets that a member of `rooms` missed after `offset` and up to `range.until`; `null` when some are no longer
   * kept. Called after `addAll`, when packets are already delivered to the socket: `until` is what `currentOffset()`
   * returned at that moment, so that each packet is either returned here or delivered, and never both.
   */
  missedPackets?(
    offset: string,
    rooms: ReadonlySet<Room>,
    range?: MissedRange,
  ): Promise<Missed | null> | Missed | null;
  /** Rooms of a connected socket that it joined after its session began: see `Session.joined`. */
  joinedAt?(id: SocketId): readonly (readonly [Room, string])[];
  /**
   * As `addAll`, for a socket that was set up again: what `joinedAt` returned where it was before holds on, and the other
   * rooms were joined when its session began. Without this member `addAll` is called.
   */
  rejoin?(
    id: SocketId,
    rooms: Set<Room>,
    joined: readonly (readonly [Room, string])[],
  ): Promise<void> | void;
  /** Whether there are stored sessions. The namespace is then not removed when it is empty. */
  holdsSessions?(): boolean;
}
