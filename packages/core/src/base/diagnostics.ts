// The diagnostics points of the core: what happens to clients, sockets, namespaces and packets.

import type { EngineDiagnostics } from "@sockeye/engine";
import {
  createPoints,
  type DeadlinePayloads,
  type PointRows,
  type Points,
  type PointsSetUp,
} from "@sockeye/portable";
import type { Packet } from "@sockeye/protocol";

/** What kind of the application's code has failed. */
export type UserCodeKind =
  /** A listener of an event, also of the engine, of a connection or of an adapter. */
  | "listener"
  /** Middleware: of a namespace, a socket or the engine, also after it has called `next`. */
  | "middleware"
  /** A callback for an acknowledgement, or of `conn.send`. */
  | "acknowledgement"
  /** What decides about requests: `allowRequest`, `cors`, `bindSession`. */
  | "request"
  /** A method of an adapter, or what makes adapters. */
  | "adapter"
  /** A function given to `of`. */
  | "namespace"
  /** `key` of `connectionStateRecovery.replay`. */
  | "recovery"
  /** A listener of a diagnostics point. */
  | "diagnostics"
  /** Something that was put off, such as a broadcast during another one, or an encoder. */
  | "delivery";

/** A socket, as far as the points name it; it is the application's socket. */
export interface PointSocket {
  readonly id: string;
}

/** What each point publishes. */
export interface CorePayloads {
  socketConnected: {
    readonly socket: PointSocket;
    readonly nsp: string;
    readonly recovered: boolean;
    readonly adopted: boolean;
  };
  socketRejected: { readonly socket: PointSocket; readonly nsp: string; readonly error: Error };
  socketDisconnected: {
    readonly socket: PointSocket;
    readonly nsp: string;
    readonly reason: string;
  };
  socketReleased: { readonly socket: PointSocket; readonly nsp: string };
  packetReceived: { readonly socket: PointSocket; readonly packet: Packet };
  packetSent: { readonly socket: PointSocket; readonly packet: Packet };
  broadcastSent: {
    readonly nsp: string;
    readonly packet: Packet;
    readonly rooms: ReadonlySet<string>;
    readonly outcome: BroadcastCounts;
  };
  packetDropped: {
    readonly socket: PointSocket;
    readonly packet: Packet;
    readonly reason: DropReason;
  };
  ackTimedOut: {
    readonly nsp: string;
    readonly socket: PointSocket | null;
    readonly timeout: number;
  };
  recoveryMissed: { readonly nsp: string; readonly pid: string; readonly reason: RecoveryMiss };
  adapterFailed: { readonly nsp: string; readonly method: string; readonly error: unknown };
  limitReached: { readonly limit: CoreLimit; readonly value: number; readonly nsp: string | null };
  packetRefused: {
    /** The namespace that the packet names; `null` when it could not be decoded. */
    readonly nsp: string | null;
    /** The session id of the connection. Secret: it lets its owner speak for the client over polling. */
    readonly clientId: string;
    readonly error: Error;
  };
  middlewareStalled: {
    /** Where it was added: `use` of a namespace, `use` of a socket, or the function was given to `of`. */
    readonly kind: "use" | "socket.use" | "of";
    readonly nsp: string;
    /** `null` where there is none yet. */
    readonly socket: PointSocket | null;
    /** Milliseconds: the option `slowMiddleware`. */
    readonly waited: number;
    readonly hint: string;
  };
  dataLost: {
    readonly nsp: string;
    readonly event: string;
    readonly type: "Map" | "Set";
    /** Where it is in the data, such as `[1].users`. */
    readonly path: string;
    readonly hint: string;
  };
  namespaceCreated: { readonly nsp: string };
  namespaceRemoved: { readonly nsp: string };
  userCodeFailed: {
    readonly error: unknown;
    /** As `onListenerError` receives it. */
    readonly event: string;
    readonly kind: UserCodeKind;
    readonly socket: PointSocket | null;
  };
}

/** A limit of the core, by the name of its option where there is one. */
export type CoreLimit =
  /** The client did not join a namespace in time; its connection was closed. */
  | "connectTimeout"
  /** The attachments of a packet had not come in time; the connection was closed. */
  | "attachmentTimeout"
  /** So many packets are kept for recovery: the oldest were dropped. */
  | "connectionStateRecovery.maxPackets"
  /** So many bytes are kept for recovery: the oldest packets were dropped. */
  | "connectionStateRecovery.maxBytes"
  /** So many sessions are kept for recovery: the oldest was dropped. */
  | "connectionStateRecovery.maxSessions"
  /** More than 10,000 packets or 16 MiB were sent to one socket while its rooms or missed packets were awaited. */
  | "held packets";

/** Why an event was dropped. */
export type DropReason =
  /** It could not be sent at once, and was volatile. */
  | "volatile"
  /** A newer one of the same key took its place. */
  | "latest"
  /** A limit was reached, and it had waited longest of those that may be dropped. */
  | "drop-oldest"
  /** A limit was reached when it was sent. */
  | "drop-newest";

/** Why a session was not restored. */
export type RecoveryMiss =
  /** No session of this id is kept: it has expired, was dropped, or belongs to another process. */
  | "unknown session"
  /** Something the client missed is no longer kept. */
  | "packets gone"
  /** The client named an offset that the server cannot have given it. */
  | "unknown offset"
  /** More was sent to the client while it returned than may be held. */
  | "too much held"
  /** The adapter failed. */
  | "adapter failed";

/** How many receivers of a broadcast had each outcome on this server. */
export interface BroadcastCounts {
  /** Passed to a transport that sends it immediately. */
  sent: number;
  /** Accepted, waiting for the client to read or to poll. */
  queued: number;
  /** Volatile, and could not be sent immediately. */
  dropped: number;
  /** The connection was closed already, or is being closed for its full write buffer. */
  closed: number;
}

/** When each point publishes. */
const ROWS: PointRows<CorePayloads> = {
  socketConnected:
    "a socket has joined its namespace, or was set up again (`adopted`), before `connection` is raised",
  socketRejected: "middleware rejected a socket",
  socketDisconnected: "a socket has left its namespace, before `disconnect` is raised",
  socketReleased:
    "a socket is gone because its connection was taken down; no `disconnect` is raised",
  packetReceived: "a packet for a socket has been decoded, before its listeners run",
  packetSent: "a packet for one socket has been handed to its connection",
  broadcastSent: "a broadcast has been handed to every receiver on this server",
  packetDropped:
    "an event was dropped because the client does not read: it was volatile, or `slowConsumer` or `latest` asked for it",
  ackTimedOut: "an acknowledgement did not arrive within its timeout",
  recoveryMissed: "a client asked for its session and did not get it",
  adapterFailed: "an adapter threw, or a promise it returned was rejected",
  limitReached: "a limit of the core was reached, with its name and value",
  packetRefused:
    "a client sent what is no packet, or a packet that it may not send; its connection is closed",
  middlewareStalled:
    "middleware has not called `next` within `slowMiddleware`; its client waits. Only middleware that began while something listened",
  dataLost: "a Map or a Set was sent, of which JSON keeps nothing",
  namespaceCreated: "a namespace has been created",
  namespaceRemoved: "a namespace made from a pattern has been removed because it was empty",
  userCodeFailed:
    "code of the application failed, an adapter of its own among it; rejected promises of listeners only with `onListenerError`",
};

/** The points of one server. */
export type CoreDiagnostics = Points<CorePayloads>;

/** Makes the points of one server. */
export function createCoreDiagnostics(setUp: PointsSetUp = {}): CoreDiagnostics {
  return createPoints("sockeye:core", ROWS, setUp);
}

/** The names of the points and when they publish, for reference pages. */
export const coreDiagnosticsRows: PointRows<CorePayloads> = ROWS;

/** All points of one server, one table per package. */
export interface ServerDiagnostics {
  /** Sockets, namespaces, packets: `sockeye:core:…`. */
  readonly core: CoreDiagnostics;
  /** Connections and transports: `sockeye:engine:…`. */
  readonly engine: EngineDiagnostics;
  /** Deadlines: `sockeye:deadlines:…`. */
  readonly deadlines: Points<DeadlinePayloads>;
}
