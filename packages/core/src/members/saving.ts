// Puts the sockets of a client into data, unless something of them cannot be had at this moment.

import { busy, type Saved } from "@sockeye/engine";
import { type Frame, frameToText, type PacketDecoder } from "@sockeye/protocol";
import { partlyReceived } from "../base/decoders.ts";
import type { Services } from "../base/services.ts";
import type { JoinDeadline } from "./join-deadline.ts";
import type { PeerMember } from "./peer-parts.ts";
import type { Relays } from "./relays.ts";
import type { SavedPeer } from "./saved-peer.ts";

/** What a peer keeps beside its members. */
export interface PeerState {
  readonly context: {
    readonly services: Services;
    patternOf(name: string): number | null;
  };
  readonly deadline: JoinDeadline | null;
  readonly decoder: PacketDecoder | null;
  readonly disconnectedFrom: ReadonlySet<string> | null;
  readonly relays: Relays | null;
}

/** The sockets of a client as data. */
export function savedPeer(members: readonly PeerMember[], state: PeerState): Saved<SavedPeer> {
  const { context, deadline, decoder, disconnectedFrom, relays } = state;
  const { ackNumbers, clock, deadlines, walks } = context.services;
  if (walks.isGoingOn) return busy("broadcasting");
  if (!members.every(({ isSettled }) => isSettled)) return busy("joining");
  const partial = partlyReceived(decoder);
  if (partial === null) return busy("decoding");
  const left = deadline === null ? Infinity : deadlines.left(deadline);
  const data = {
    sockets: members.map((each) => each.save(context.patternOf(each.nspName))),
    nextAckId: ackNumbers.next,
    disconnectedFrom: [...(disconnectedFrom ?? [])],
    joinWithin: left === Infinity ? null : left,
    at: clock.wallTime(),
    frames: [...partial, ...(relays?.partial ?? [])].map(savedFrame),
  };
  return { kind: "saved", data };
}

/** The payload of a message as text. */
function savedFrame(payload: Frame): string {
  return frameToText(typeof payload === "string" ? `4${payload}` : payload);
}
