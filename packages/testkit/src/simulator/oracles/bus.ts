// What a session has heard on a bus alone: all that was sent while it was connected, or a gap was reported at its server before
// it went on with what the same sender has sent next.

import { addressOf, type SentEvent, type SimSession, UNORDERED } from "../history.ts";
import type { World } from "../world.ts";
import { judgeSenders } from "./sessions.ts";

/** Judges a session; `isUpToDate` when it is still connected, and nothing is under way. */
export function judgeBusSession(world: World, session: SimSession, isUpToDate: boolean): void {
  if (!session.isKnown) return;
  judgeSenders(world, session);
  for (const sender of new Set(world.history.events.map((event) => event.sender))) {
    judgeSender(world, session, { sender, isUpToDate });
  }
}

function judgeSender(
  world: World,
  session: SimSession,
  { isUpToDate, sender }: { readonly sender: string; readonly isUpToDate: boolean },
): void {
  const written = session.written.filter(({ event }) => event.sender === sender);
  const seen = new Set(written.map(({ event }) => event.number));
  const missed = world.history.events.filter(
    (event) => event.sender === sender && !seen.has(event.number) && isOwed(world, session, event),
  );
  for (const [index, { at, event }] of written.entries()) {
    const before = written[index - 1];
    const between = missed.filter(({ seq }) => seq < event.seq && seq > (before?.event.seq ?? 0));
    judgeGap(world, session, { between, sender, from: before?.at ?? 0, to: at });
  }
  if (!isUpToDate || world.history.left.has(`${session.node}>${sender}`)) return;
  const last = written.at(-1);
  const between = missed.filter(({ seq }) => seq > (last?.event.seq ?? 0));
  judgeGap(world, session, { between, sender, from: last?.at ?? 0, to: Infinity });
}

/** Whether the server of a session should have had an event. Where rooms decide, a server that does not know it owes it nothing. */
function isOwed({ history, setting }: World, session: SimSession, event: SentEvent): boolean {
  if (addressOf(session, event, event.places.get(UNORDERED) ?? 0) !== "must") return false;
  if (event.sender === session.node) return true;
  if (event.outcome === "failed") return false;
  const isRouted = setting.routesByRooms && event.rooms.length > 0;
  if (isRouted && !event.known.has(session.node)) return false;
  const known = history.known.get(`${session.node}>${event.sender}`);
  return known !== undefined && event.at > known;
}

interface Between {
  readonly between: readonly SentEvent[];
  readonly sender: string;
  readonly from: number;
  readonly to: number;
}

function judgeGap(
  { history }: World,
  session: SimSession,
  { between, from, sender, to }: Between,
): void {
  const [first] = between;
  if (first === undefined) return;
  const told = history.gaps
    .filter(
      (gap) => gap.node === session.node && gap.from === sender && gap.at > from && gap.at < to,
    )
    .reduce((sum, { missed }) => sum + missed, 0);
  if (told >= between.length) return;
  const text = `${session.name} at ${session.node} has not heard #${first.number} of ${sender}`;
  history.find("loss", `${text}; ${between.length} were missed there, ${told} told`);
}
