// Acknowledgements of a member: the function that a listener calls to acknowledge an event, and the callbacks that wait
// for the client's.

import type { Listener } from "@sockeye/events";
import { PacketType } from "@sockeye/protocol";
import { Acks } from "../base/acks.ts";
import type { Services } from "../base/services.ts";
import type { Peer } from "./peer.ts";

/** Creates the pending acknowledgements of a socket in a namespace. */
export function acksFor(socket: { readonly id: string }, nsp: string, services: Services): Acks {
  const { deadlines, diagnostics, userCode } = services;
  return new Acks(
    deadlines,
    (callback, args) =>
      userCode.call(callback, args, {
        target: null,
        socket,
        event: "ack",
        kind: "acknowledgement",
      }),
    (timeout) => {
      if (!diagnostics.ackTimedOut.active) return;
      diagnostics.ackTimedOut.publish({ nsp, socket, timeout });
    },
  );
}

/** Sends the answer to event number `id`; a second call, or one after the client has left `nsp`, does nothing. */
export function answerOnce(peer: Peer, nsp: string, id: number): Listener {
  let isAnswered = false;
  peer.owed += 1;
  return (...data: unknown[]) => {
    const member = isAnswered ? undefined : peer.memberIn(nsp);
    if (member === undefined) return;
    // Throws when the data cannot be serialised: a valid answer may still follow.
    member.sendPlain({ type: PacketType.ACK, nsp, id, data });
    isAnswered = true;
    peer.owed -= 1;
  };
}
