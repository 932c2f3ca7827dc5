// The diagnostics points of a cluster: nodes, gaps, requests and limits.

import { createPoints, type PointRows, type Points, type PointsSetUp } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";

/** What each point publishes. */
export interface ClusterPayloads {
  nodeJoined: { readonly node: NodeId };
  nodeLeft: { readonly node: NodeId; readonly reason: NodeEnd };
  gap: {
    readonly node: NodeId;
    /** How many messages of that node have not arrived here. */
    readonly missed: number;
  };
  duplicate: { readonly node: NodeId };
  deaf: { readonly since: number };
  healed: { readonly after: number };
  busChanged: { readonly state: "down" | "up" };
  publishFailed: { readonly kind: string; readonly nsp: string; readonly error: unknown };
  requestIncomplete: {
    readonly kind: string;
    readonly nsp: string;
    /** The nodes that have not answered. */
    readonly missing: readonly NodeId[];
    readonly reason: "node left" | "timeout" | "failed";
  };
  appendDelayed: { readonly waiting: number; readonly bytes: number; readonly error: unknown };
  logChanged: { readonly state: "down" | "up" };
  logGap: {
    readonly reason: LogGap;
    /** How many messages; `null` where that is not known. */
    readonly missed: number | null;
  };
  sessionLost: { readonly nsp: string; readonly socket: string; readonly reason: SessionLoss };
  limitReached: { readonly limit: ClusterLimit; readonly value: number };
  socketUnreadable: { readonly nsp: string; readonly socket: string; readonly error: unknown };
  messageRefused: { readonly reason: string; readonly bytes: number };
}

/** A limit of the cluster. */
export type ClusterLimit =
  /** A message is longer than the broker takes: it was not sent. */
  | "maxPayload"
  /** So many bytes wait for the log: the newest message was refused. */
  | "maxPendingBytes"
  /** Requests that wait for answers: the newest was refused. */
  | "maxRequests"
  /** Messages of one node that arrived out of order: the missing ones are given up. */
  | "maxHeld";

/** Why a node is no longer a member. */
export type NodeEnd =
  /** It has closed. */
  | "closed"
  /** Nothing was heard of it for `heartbeatTimeout`. */
  | "silent"
  /** The broker knows that it has ended. */
  | "gone";

/** Why messages of the log do not reach the clients of this node. */
export type LogGap =
  /** The log has lost what it had, and goes on with another epoch. */
  | "log lost"
  /** They were dropped by the log before this node has read them. */
  | "trimmed"
  /** Too much waited for the log: they were refused to the code that has sent them. */
  | "refused"
  /** The log could be read only after clients had been admitted: what was sent before may be missing. */
  | "opened late";

/** Why a session that was held here cannot be recovered. */
export type SessionLoss =
  /** Another node has it: the client has come back there. */
  | "taken"
  /** Its data cannot be written: it is not JSON with bytes. */
  | "unreadable"
  /** Its rooms and data are longer than the broker takes. */
  | "too large";

/** When each point publishes. */
const ROWS: PointRows<ClusterPayloads> = {
  nodeJoined: "a node has become a member",
  nodeLeft: "a node is no longer a member",
  gap: "messages of a node were lost on their way to this one",
  duplicate: "a message arrived again, or after it was given up, and was dropped",
  deaf: "this node does not receive its own heartbeats: messages of others are not received either",
  healed: "this node receives again",
  busChanged: "the connection to the broker was lost, or is there again",
  publishFailed: "a message was not sent to the other nodes",
  requestIncomplete: "a request has ended without the answers of some nodes",
  appendDelayed: "messages wait for the log, which has not taken them",
  logChanged: "the connection to the log was lost, or is there again",
  logGap:
    "messages of the log do not reach clients of this node, which are told by a session that begins anew",
  sessionLost: "a session of a socket of this node cannot be recovered",
  limitReached: "a limit of the cluster was reached, with its name and value",
  socketUnreadable: "a socket could not be described to another node: it is fetched without data",
  messageRefused: "a message that is none, or of a newer version, was ignored",
};

/** The points of one node. */
export type ClusterDiagnostics = Points<ClusterPayloads>;

/** Makes the points of one node. */
export function createClusterDiagnostics(setUp: PointsSetUp = {}): ClusterDiagnostics {
  return createPoints("sockeye:cluster", ROWS, setUp);
}

/** The names of the points and when they publish, for reference pages. */
export const clusterDiagnosticsRows: PointRows<ClusterPayloads> = ROWS;
