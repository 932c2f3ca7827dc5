// What a connection publishes at the engine's diagnostics points. Each report first checks whether anything listens.

import type { Frame } from "@sockeye/protocol";
import type { ConnectionContext } from "./connection-context.ts";
import type { ConnectionView, EngineDiagnostics } from "./diagnostics.ts";
import type { SendOutcome } from "./ports/raw-socket.ts";
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

/** The send buffer has overflowed. */
export function overflow(
  connection: ConnectionView,
  { limitHit }: EngineDiagnostics,
  { value, actual }: { readonly value: number; readonly actual: number },
): void {
  if (!limitHit.active) return;
  limitHit.publish({ connection, limit: "maxSendBufferSize", value, actual });
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
