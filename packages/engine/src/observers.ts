// Several observers of one connection. The connection keeps one reference, which is null while nothing observes it.

import type { Frame } from "@sockeye/protocol";
import type { ConnectionObserver } from "./connection-handler.ts";
import type { ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { Closing } from "./reasons.ts";
import type { Transport } from "./transports/transport.ts";

/** Forwards every event to several observers, in the order in which they were added. */
class ObserverGroup implements ConnectionObserver {
  readonly members: readonly ConnectionObserver[];

  constructor(members: readonly ConnectionObserver[]) {
    this.members = members;
  }

  onPacket(frame: Frame): void {
    for (const each of this.members) each.onPacket(frame);
  }

  onPacketCreate(frame: Frame, compress: boolean): void {
    for (const each of this.members) each.onPacketCreate(frame, compress);
  }

  onPacketSent(): void {
    for (const each of this.members) each.onPacketSent();
  }

  onHeartbeat(): void {
    for (const each of this.members) each.onHeartbeat();
  }

  onUpgrading(transport: Transport): void {
    for (const each of this.members) each.onUpgrading(transport);
  }

  onUpgrade(transport: Transport): void {
    for (const each of this.members) each.onUpgrade(transport);
  }

  onDrain(): void {
    for (const each of this.members) each.onDrain();
  }

  onHeaders(headers: ReplyHeaders, request: RequestHead): void {
    for (const each of this.members) each.onHeaders?.(headers, request);
  }

  onEnding(unsent: readonly Frame[]): void {
    for (const each of this.members) each.onEnding(unsent);
  }

  onClose(closing: Closing): void {
    for (const each of this.members) each.onClose(closing);
  }
}

/** The observers of a connection with one more. */
export function withObserver(
  present: ConnectionObserver | null,
  added: ConnectionObserver,
): ConnectionObserver {
  if (present === null) return added;
  const members = present instanceof ObserverGroup ? present.members : [present];
  return new ObserverGroup([...members, added]);
}

/** The observers of a connection without one of them; null when there are no others. */
export function withoutObserver(
  present: ConnectionObserver | null,
  removed: ConnectionObserver,
): ConnectionObserver | null {
  if (present === removed) return null;
  if (!(present instanceof ObserverGroup)) return present;
  const left = present.members.filter((each) => each !== removed);
  return left.length === 1 ? (left[0] ?? null) : new ObserverGroup(left);
}
