// What one session has heard, where events have places: all that was for it, in order, once; and nothing across a hole.

import type { Entry, SimSession } from "../history.ts";
import { addressOf } from "../history.ts";
import type { World } from "../world.ts";

/** Judges a session, which is over, or up to date. `isUpToDate`: it must have heard all until now. */
export function judgeSession(world: World, session: SimSession, isUpToDate: boolean): void {
  if (!session.isKnown) return;
  judgeSenders(world, session);
  const heardAt = judgeOrder(world, session);
  const entries = world.history.logs.get(session.begin.epoch) ?? [];
  const last = isUpToDate ? Infinity : (heardAt.at(-1) ?? session.begin.offset);
  judgeHoles(world, session, { entries, last });
  if (isUpToDate && world.currentEpoch(session) !== session.begin.epoch) {
    world.history.find(kindOf(session), `${session.name} lives through another epoch`);
  }
}

function kindOf({ recoveries }: SimSession): "loss" | "recovered" {
  return recoveries > 0 ? "recovered" : "loss";
}

/** What one sender has sent comes in its order, once: also what has no place. */
export function judgeSenders({ history }: World, { heard, late, name }: SimSession): void {
  const last = new Map<string, number>();
  const seen = new Set<number>();
  for (const event of heard) {
    const { number, question, sender, seq } = event;
    if (seen.has(number)) history.find("duplicate", `${name} hears #${number} twice`);
    seen.add(number);
    // It has waited for what was sent before it as long as questions do.
    if (late.has(event)) continue;
    // What is sent after a question to all servers does not wait for it there.
    if (question !== "all" && seq < (last.get(sender) ?? 0)) {
      history.find("order", `${name} hears #${number} after a later one of ${sender}`);
    }
    last.set(sender, Math.max(seq, last.get(sender) ?? 0));
  }
}

/** The places of what was heard grow. Returns them. */
function judgeOrder({ history }: World, session: SimSession): number[] {
  const { begin, heard, name } = session;
  const places: number[] = [];
  const seen = new Set<number>();
  for (const event of heard) {
    if (event.places.size === 0) continue;
    const place = event.places.get(begin.epoch);
    if (place === undefined) {
      // Local events are nowhere in a broker's log.
      history.find(kindOf(session), `${name} hears #${event.number} of another epoch`);
      continue;
    }
    if (addressOf(session, event, place) === "not") {
      history.find("membership", `${name} hears #${event.number}, which was not for it`);
    }
    const last = places.at(-1) ?? -Infinity;
    if (place < last && !seen.has(event.number)) {
      history.find("order", `${name} hears #${event.number} (${place}) after ${last}`);
    }
    seen.add(event.number);
    if (place > last) places.push(place);
  }
  return places;
}

/**
 * What the client of a session has heard. In one that was recovered, what it has heard in an earlier session counts, too: the client names
 * the last offset that it has heard in any, also to a server that lagged behind it when the session began there.
 */
function* heardBefore(
  sessions: Iterable<SimSession>,
  { beganAt, client, heard, recoveries }: SimSession,
): Iterable<number> {
  for (const { number } of heard) yield number;
  if (recoveries === 0) return;
  for (const other of sessions) {
    if (other.client !== client || other.beganAt >= beganAt) continue;
    for (const { number } of other.heard) yield number;
  }
}

function judgeHoles(
  { history }: World,
  session: SimSession,
  { entries, last }: { readonly entries: readonly Entry[]; readonly last: number },
): void {
  const { begin, name } = session;
  const isHeard = new Set(heardBefore(history.sessions.values(), session));
  for (const entry of entries) {
    if (entry.offset <= begin.offset || entry.offset > last) continue;
    if (entry.kind === "gap") {
      history.find(
        kindOf(session),
        `${name} lives through a gap of ${entry.missed} at ${entry.offset}`,
      );
      return;
    }
    if (entry.kind !== "event" || isHeard.has(entry.event.number)) continue;
    if (addressOf(session, entry.event, entry.offset) !== "must") continue;
    history.find(kindOf(session), `${name} has not heard #${entry.event.number} (${entry.offset})`);
    return;
  }
}
