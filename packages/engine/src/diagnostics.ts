// The engine's diagnostics points: names, payloads, and when each publishes. Does not know the listeners.

import { createPoints, type PointRows, type Points, type PointsSetUp } from "@sockeye/portable";
import type { Frame } from "@sockeye/protocol";
import type { RequestHead } from "./ports/http.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
import type { Closing } from "./reasons.ts";
import type { Refusal } from "./refusals.ts";
import type { Revision } from "./revision.ts";
import type { UpgradeFailure } from "./upgrade-attempt.ts";

/** A connection as the points show it. */
export interface ConnectionView {
  /** The session id. Secret: it lets its owner speak for the client over polling. */
  readonly id: string;
  readonly request: RequestHead;
  readonly revision: Revision;
  readonly readyState: "open" | "closing" | "closed";
  readonly isUpgrading: boolean;
  /** Bytes accepted and not yet sent. */
  readonly queuedBytes: number;
}

/** What the engine's points publish. Sizes are bytes, or characters of text that has not been encoded. */
export interface EnginePayloads {
  connectionOpened: { readonly connection: ConnectionView };
  connectionClosed: { readonly connection: ConnectionView; readonly closing: Closing };
  connectionReleased: { readonly connection: ConnectionView };
  connectionRevived: { readonly connection: ConnectionView };
  upgradeStarted: { readonly connection: ConnectionView; readonly transport: string };
  upgradeCompleted: {
    readonly connection: ConnectionView;
    readonly from: string;
    readonly transport: string;
  };
  upgradeFailed: {
    readonly connection: ConnectionView;
    readonly transport: string;
    readonly reason: UpgradeFailure;
  };
  candidateRefused: {
    readonly connection: ConnectionView;
    readonly transport: string;
    /** The state of the connection that refused it. */
    readonly state: "open" | "upgrading" | "closing" | "closed";
  };
  frameReceived: FrameSeen;
  frameSent: FrameSeen & { readonly outcome: SendOutcome };
  requestRefused: {
    readonly refusal: Refusal;
    readonly request: RequestHead;
    /** What is probably behind it. */
    readonly hint: string;
  };
  limitHit: LimitHit;
  failed: { readonly error: unknown };
}

/** A sent or received frame. */
export interface FrameSeen {
  readonly connection: ConnectionView;
  /** With its type character, if it is text. */
  readonly frame: Frame;
  readonly size: number;
}

/** A limit that was exceeded. */
export interface LimitHit {
  readonly connection: ConnectionView;
  /** The name of the option. */
  readonly limit:
    | ("maxSendBufferSize" | "maxSendBufferPackets" | "maxTotalSendBufferSize")
    | ("maxHttpBufferSize" | "upgradeTimeout");
  /** Its value. */
  readonly value: number;
  /** The actual amount, where it is known. */
  readonly actual?: number | undefined;
}

/** The points of one engine. */
export type EngineDiagnostics = Points<EnginePayloads>;

const ROWS: PointRows<EnginePayloads> = {
  connectionOpened: "a handshake went through; before the layer above is notified",
  connectionClosed: "a connection has ended; before the layer above is notified",
  connectionReleased: "a connection was taken down; before the layer above is notified",
  connectionRevived: "a connection was set up again; before the layer above is notified",
  upgradeStarted: "another transport begins its trial",
  upgradeCompleted: "the connection has moved to the other transport",
  upgradeFailed: "a trial is over without a move",
  candidateRefused: "another transport was turned away, because of the state of its connection",
  frameReceived: "an open connection received a frame; before it is acted on",
  frameSent:
    "an open connection was given a frame to send; of a message for many, once per connection",
  requestRefused: "a request or a handshake was turned down",
  limitHit: "a limit made the engine refuse, drop or close something",
  failed: "a handler above threw; the engine went on",
};

/** Makes the points of one engine; their names begin with `sockeye:engine:`. */
export function createEngineDiagnostics(setUp: PointsSetUp = {}): EngineDiagnostics {
  return createPoints("sockeye:engine", ROWS, setUp);
}
