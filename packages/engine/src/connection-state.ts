// The states of a connection. Each holds what is true in that state and nothing else;
// the heartbeat is not here, because it runs through open and upgrading alike.

import type { Closing } from "./reasons.ts";
import type { EndCause, Transport } from "./transports/transport.ts";
import type { UpgradeAttempt } from "./upgrade-attempt.ts";

/** A connection begins open: the handshake is over before there is a connection. */
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
      /** An upgrade that the peer may have committed itself to: it will not poll again if it has. */
      readonly attempt: UpgradeAttempt | null;
    }
  /** Its buffer has overflowed: nothing more is accepted, and it is cut when the turn of the event loop is over. */
  | {
      readonly kind: "failing";
      readonly transport: Transport;
      readonly attempt: UpgradeAttempt | null;
      readonly closing: Closing;
    }
  | { readonly kind: "closed"; readonly closing: Closing };

/** What can happen to a connection. Frames and pings are not events: traffic does not pass through here. */
export type ConnectionEvent =
  /** A WebSocket that wants to take over has arrived. */
  | { readonly kind: "candidate"; readonly attempt: UpgradeAttempt }
  /** The attempt went through: probe answered, upgrade packet received. */
  | { readonly kind: "upgraded"; readonly attempt: UpgradeAttempt }
  /** The attempt broke a rule, was lost, or took too long. */
  | { readonly kind: "candidate-failed"; readonly attempt: UpgradeAttempt }
  /** The server wants to close: after what is queued (`flush`) or at once (`discard`). */
  | { readonly kind: "close"; readonly how: "flush" | "discard" }
  /** The transport ended, the peer broke a rule, or did not answer a ping. */
  | { readonly kind: "lost"; readonly closing: Closing }
  /** Everything queued has left. */
  | { readonly kind: "drained" }
  /** A closing connection could not flush in time. */
  | { readonly kind: "overdue" }
  /** More is kept for the peer than the send limit allows. */
  | { readonly kind: "overflowed"; readonly closing: Closing }
  /** The turn in which it overflowed is over. */
  | { readonly kind: "cut-due" };

/** Something to be done about a transition, after the state has changed. */
export type Effect =
  | { readonly kind: "begin-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "refuse-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "drop-attempt"; readonly attempt: UpgradeAttempt }
  | { readonly kind: "adopt"; readonly from: Transport; readonly attempt: UpgradeAttempt }
  | { readonly kind: "linger"; readonly transport: Transport }
  | { readonly kind: "cut-later" }
  | { readonly kind: "end-transport"; readonly transport: Transport; readonly cause: EndCause }
  | { readonly kind: "tell-closed"; readonly closing: Closing };
