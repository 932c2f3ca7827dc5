// What a connection publishes at the engine's diagnostics points. Each report first checks whether anything listens.

import type { Frame } from "@sockeye/protocol";
import type { ConnectionContext } from "./connection-context.ts";
import type { ConnectionView, EngineDiagnostics } from "./diagnostics.ts";
import type { Overflow } from "./overflow.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
import type { Closing } from "./reasons.ts";
import type { Transport } from "./transports/transport.ts";
import type { UpgradeAttempt } from "./upgrade-attempt.ts";

/** Frames were passed to the transport, or the connection was closed already. */
export function sent(
  connection: ConnectionView,
  { frameSent }: EngineDiagnostics,
  { frames, outcome }: { readonly frames: readonly Frame[]; readonly outcome: SendOutcome },
): void {
  if (!frameSent.active) return;
  for (const frame of frames) {
    frameSent.publish({ connection, frame, size: frame.length, outcome });
  }
}

/** The connection was taken down. */
export function released(
  connection: ConnectionView,
  { connectionReleased }: EngineDiagnostics,
): void {
  if (connectionReleased.active) connectionReleased.publish({ connection });
}

/** More waits for the client than a limit allows. */
export function overflow(
  connection: ConnectionView,
  { limitHit }: EngineDiagnostics,
  { limit, value, actual }: Overflow,
): void {
  if (limitHit.active) limitHit.publish({ connection, limit, value, actual });
}

/** The connection has ended. */
export function closed(
  connection: ConnectionView,
  { connectionClosed }: EngineDiagnostics,
  closing: Closing,
): void {
  if (connectionClosed.active) connectionClosed.publish({ connection, closing });
}

/** A frame arrived. */
export function received(
  connection: ConnectionView,
  { frameReceived }: EngineDiagnostics,
  frame: Frame,
): void {
  if (frameReceived.active) frameReceived.publish({ connection, frame, size: frame.length });
}

/** An upgrade attempt begins. */
export function trial(
  connection: ConnectionView,
  { upgradeStarted }: EngineDiagnostics,
  { transport }: UpgradeAttempt,
): void {
  if (upgradeStarted.active) upgradeStarted.publish({ connection, transport: transport.name });
}

/** A candidate transport was refused. */
export function refused(
  connection: ConnectionView,
  { candidateRefused }: EngineDiagnostics,
  { transport }: UpgradeAttempt,
): void {
  if (!candidateRefused.active) return;
  const state = connection.isUpgrading ? "upgrading" : connection.readyState;
  candidateRefused.publish({ connection, transport: transport.name, state });
}

/** An upgrade attempt has failed. */
export function dropped(
  connection: ConnectionView,
  { points, upgradeTimeout: value }: ConnectionContext,
  { failure, transport }: UpgradeAttempt,
): void {
  const { limitHit, upgradeFailed } = points;
  const reason = failure ?? "connection closed";
  if (upgradeFailed.active) {
    upgradeFailed.publish({ connection, transport: transport.name, reason });
  }
  if (reason === "upgradeTimeout is over" && limitHit.active) {
    limitHit.publish({ connection, limit: "upgradeTimeout", value });
  }
}

/** The connection has been upgraded. */
export function moved(
  connection: ConnectionView,
  { upgradeCompleted }: EngineDiagnostics,
  { from, to }: { readonly from: Transport; readonly to: Transport },
): void {
  if (!upgradeCompleted.active) return;
  upgradeCompleted.publish({ connection, from: from.name, transport: to.name });
}
