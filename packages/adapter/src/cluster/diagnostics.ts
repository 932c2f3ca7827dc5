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
  limitReached: { readonly limit: ClusterLimit; readonly value: number };
  socketUnreadable: { readonly nsp: string; readonly socket: string; readonly error: unknown };
  messageRefused: { readonly reason: string; readonly bytes: number };
}

/** A limit of the cluster. */
export type ClusterLimit =
  /** A message is longer than the broker takes: it was not sent. */
  | "maxPayload"
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
