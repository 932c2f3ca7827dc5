// The function that a listener calls to acknowledge an event.

import type { Listener } from "@sockeye/events";
import { PacketType } from "@sockeye/protocol";
import type { Peer } from "./peer.ts";

/** Sends the answer to event number `id`; a second call, or one after the client has left `nsp`, does nothing. */
export function answerOnce(peer: Peer, nsp: string, id: number): Listener {
  let isAnswered = false;
  return (...data: unknown[]) => {
    if (isAnswered || peer.memberIn(nsp) === undefined) return;
    // Throws when the data cannot be serialised: a valid answer may still follow.
    peer.send({ type: PacketType.ACK, nsp, id, data });
    isAnswered = true;
  };
}
