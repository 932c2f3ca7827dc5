// The diagnostics points of presence.

import { createPoints, type PointRows, type Points } from "@sockeye/portable";

/** What each point publishes. */
export interface PresencePayloads {
  limitReached: {
    readonly limit: PresenceLimit;
    readonly value: number;
    /** The id of the socket. */
    readonly socket: string;
  };
  metaUnreadable: { readonly socket: string; readonly error: unknown };
  stateAsked: { readonly node: string };
  stateTaken: { readonly node: string; readonly sessions: number };
  nodeDropped: { readonly node: string; readonly sessions: number };
}

/** A limit of presence. */
export type PresenceLimit =
  /** So many sessions are present: the socket is not. */
  | "maxSessions"
  /** The metadata of the session are longer: it is present without them. */
  | "maxMeta"
  /** The session is in more rooms that `rooms` selects: the newest are left out. */
  | "maxRooms"
  /** The name of the user is longer than 256 characters: the socket is not present. */
  | "user"
  /** The broker takes no message that long: other servers see the session without metadata and rooms. */
  | "maxPayload";

/** When each point publishes. */
const ROWS: PointRows<PresencePayloads> = {
  limitReached: "a limit of presence was reached, with its name and value",
  metaUnreadable: "the metadata of a session have no JSON: it is present without them",
  stateAsked:
    "this server asks another one for all its sessions: it is new, or something was missed",
  stateTaken: "all sessions of another server have arrived",
  nodeDropped: "another server has left, or was not heard for too long: its sessions have ended",
};

/** The points of presence in one namespace. */
export type PresenceDiagnostics = Points<PresencePayloads>;

/** Makes the points of one namespace. */
export function createPresenceDiagnostics(): PresenceDiagnostics {
  return createPoints("sockeye:presence", ROWS);
}

/** The names of the points and when they publish, for reference pages. */
export const presenceDiagnosticsRows: PointRows<PresencePayloads> = ROWS;
