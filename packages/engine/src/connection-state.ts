// The states of a connection, each with its own data only. The heartbeat is not part of the state, because it runs in
// open and upgrading alike.

import type { Closing } from "./reasons.ts";
import type { EndCause, Transport } from "./transports/transport.ts";
import type { UpgradeAttempt } from "./upgrade-attempt.ts";

/** A connection starts open: it is created after the handshake. */
export type ConnectionState =
  | { readonly kind: "open"; readonly transport: Transport }
  | {
      readonly kind: "upgrading";
      readonly transport: Transport;
      readonly attempt: UpgradeAttempt;
    }
  | {
      readonly kind: "closing";
      readonly transport: Transport;
      /** A closing upgrade to which the client may have committed itself: then it will not poll again. */
      readonly attempt: UpgradeAttempt | null;
    }
  /**
   * The write buffer has overflowed: no more frames are accepted, and the connection is terminated after the event-loop
   * turn.
   */
  | {
      readonly kind: "failing";
      readonly transport: Transport;
      readonly attempt: UpgradeAttempt | null;
      readonly closing: Closing;
    }
  | { readonly kind: "closed"; readonly closing: Closing };

/** The events of a connection. Frames and pings are not events: traffic bypasses the state machine. */
export type ConnectionEvent =
  /** A candidate transport for an upgrade has arrived. */
  | { readonly kind: "candidate"; readonly attempt: UpgradeAttempt }
  /** The upgrade has succeeded: probe answered, upgrade packet received. */
  | { readonly kind: "upgraded"; readonly attempt: UpgradeAttempt }
  /** The upgrade has failed: protocol violation, lost candidate, or timeout. */
  | { readonly kind: "candidate-failed"; readonly attempt: UpgradeAttempt }
  /** The server closes: after flushing its queue (`flush`) or immediately (`discard`). */
  | { readonly kind: "close"; readonly how: "flush" | "discard" }
  /** The transport ended, the client violated the protocol, or did not answer a ping. */
  | { readonly kind: "lost"; readonly closing: Closing }
  /** The queue is flushed. */
  | { readonly kind: "drained" }
  /** It was taken down: its client notices nothing. */
  | { readonly kind: "released" }
  /** A closing connection could not flush in time. */
  | { readonly kind: "overdue" }
  /** The write buffer exceeds the send limit. */
  | { readonly kind: "overflowed"; readonly closing: Closing }
  /** The event-loop turn of the overflow is over. */
  | { readonly kind: "cut-due" };

/** An effect of a transition, carried out after the state has changed. */
export type Effect =
  | { readonly kind: "begin-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "refuse-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "drop-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "adopt"; readonly from: Transport; readonly attempt: UpgradeAttempt }
  | { readonly kind: "linger"; readonly transport: Transport }
  | { readonly kind: "cut-later" }
  | { readonly kind: "end-transport"; readonly transport: Transport; readonly cause: EndCause }
  | { readonly kind: "tell-closed"; readonly closing: Closing };
