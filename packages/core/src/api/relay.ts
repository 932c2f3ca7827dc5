// `socket.relay`: which events of a client go on to whom. The way that skips decoding is in `members/relays.ts`.

import type { Listener } from "@sockeye/events";
import { optionsOf } from "../base/address.ts";
import { refuseReserved } from "../base/reserved-events.ts";
import type { Member } from "../members/member.ts";
import { listenersOf } from "../members/socket-face.ts";
import { addressOf, type BroadcastBase, type BroadcastOperator } from "./broadcast-operator.ts";

/** Passes on an event that was decoded, as other listeners get it. */
function listenerOf(member: Member, event: string, target: BroadcastOperator): Listener {
  const listeners = listenersOf(member.face);
  return (...args: unknown[]) => {
    const answer = args.at(-1);
    const isAsked = typeof answer === "function";
    if (isAsked) args.pop();
    target.emit(event, ...args);
    // Another listener may have more to say. Without one the client would wait for ever, and send again.
    if (isAsked && listeners.count(event) === 1) (answer as () => void)();
  };
}

/** Passes an event of a client on to the sockets of an operator, instead of to those of an earlier call. */
export function relay(
  member: Member,
  event: string,
  to: { readonly target: BroadcastOperator | null; readonly base: BroadcastBase },
): void {
  refuseReserved(event);
  const { relays } = member.peer;
  const listeners = listenersOf(member.face);
  const former = relays.of(member, event);
  if (former?.member === member) {
    listeners.remove(event, former.listener);
    relays.delete(former);
  }
  const { base, target } = to;
  if (target === null) return;
  const address = addressOf(target);
  // The text names the namespace that it came from.
  const isHere = address.base === base;
  const listener = listenerOf(member, event, target);
  listeners.add(event, listener);
  relays.set({
    member,
    event,
    listener,
    pass: isHere ? (packet) => base.broadcast(packet, optionsOf(address.address)) : null,
  });
}
