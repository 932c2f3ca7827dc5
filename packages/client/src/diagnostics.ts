// The client's diagnostics points: names, payloads, and when each publishes. Minified builds have none of it: every use
// stands behind `PUBLISHES`, which is `false` there. Knows nothing of who listens.

import { createPoints, type PointRows, type Points, type PointsSetUp } from "@sockeye/portable";
import type { Packet } from "@sockeye/protocol";
import type { Status } from "./status.ts";

/** Whether this build publishes, and explains failures. Always the condition of a statement: `bundle.mjs` removes those where it minifies. */
export const PUBLISHES: boolean = true;

/** A manager as the points show it. */
export interface ManagerView {
  readonly opts: object;
  readonly status: Status;
}

/** What each point publishes. Times are milliseconds. */
export interface ClientPayloads {
  statusChanged: {
    readonly manager: ManagerView;
    readonly from: Status["state"];
    readonly to: Status["state"];
  };
  connectionFailed: { readonly manager: ManagerView; readonly error: Error };
  connectionClosed: { readonly manager: ManagerView; readonly reason: string };
  reconnectScheduled: {
    readonly manager: ManagerView;
    readonly attempt: number;
    readonly delay: number;
  };
  /** `sid` is the session id: secret. */
  sessionOpened: { readonly transport: string; readonly sid: string };
  transportFailed: { readonly transport: string | undefined; readonly error: Error };
  raceWon: { readonly transport: string };
  upgradeCompleted: { readonly from: string | undefined; readonly to: string };
  upgradeFailed: { readonly transport: string; readonly error: Error };
  packetReceived: { readonly packet: Packet };
  packetSent: { readonly packet: Packet };
  ackTimedOut: { readonly nsp: string; readonly timeout: number };
  bufferOverflowed: { readonly nsp: string; readonly limit: number };
}

/** When each point publishes. */
const ROWS: PointRows<ClientPayloads> = {
  statusChanged: "the manager has another status; before listeners are notified",
  connectionFailed: "an attempt to connect has failed",
  connectionClosed: "the connection has ended",
  reconnectScheduled: "the next attempt to connect waits for its time",
  sessionOpened: "the server's handshake has arrived, over the named transport",
  transportFailed: "a transport that carried the session, or was to, has failed",
  raceWon: "of two transports that were tried at once, the server answered on this one first",
  upgradeCompleted: "the session has moved to a better transport",
  upgradeFailed: "a better transport was tried in vain; the session stays where it is",
  packetReceived: "a packet has been decoded; before its listeners run",
  packetSent:
    "a packet is handed to the session; what is kept until there is a connection comes later",
  ackTimedOut: "an acknowledgement did not arrive within its timeout",
  bufferOverflowed: "an event was dropped because `maxSendBufferLength` events wait already",
};

/** The points of one entry of the client. */
export type ClientDiagnostics = Points<ClientPayloads>;

/** Makes the points; their names begin with `sockeye:client:`. */
export function createClientDiagnostics(setUp: PointsSetUp = {}): ClientDiagnostics {
  return createPoints("sockeye:client", ROWS, setUp);
}

/** The names of the points and when they publish, for reference pages. */
export const clientDiagnosticsRows: PointRows<ClientPayloads> = ROWS;

/** Publishes, if there is a table and anything listens; `payload` is built only then. */
export function tell<Name extends keyof ClientPayloads>(
  points: ClientDiagnostics | undefined,
  name: Name,
  payload: () => ClientPayloads[Name],
): void {
  const point = points?.[name];
  if (point?.active === true) point.publish(payload());
}
