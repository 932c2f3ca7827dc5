// The log itself: each sender in its order, marks where messages were refused, and an outcome for every event.

import type { Entry, SentEvent } from "../history.ts";
import type { World } from "../world.ts";

/** Judges the order of the log, and the marks in it. */
export function judgeLog({ history, nodes }: World): void {
  for (const [epoch, entries] of history.logs) {
    const last = new Map<string, SentEvent>();
    for (const entry of entries) {
      if (entry.kind !== "event") continue;
      const { event } = entry;
      const before = last.get(event.sender);
      if (before !== undefined && before.seq >= event.seq) {
        history.find("order", `#${event.number} stands behind #${before.number} in ${epoch}`);
      }
      last.set(event.sender, event);
    }
  }
  const all = [...history.logs.values()].flat();
  for (const sender of new Set(history.events.map((event) => event.sender))) {
    judgeMarks(history.find.bind(history), sender, {
      entries: all,
      isLiving: nodes.some(({ name }) => name === sender),
      events: history.events.filter((event) => event.sender === sender),
    });
  }
}

/** Between two events of one sender that the log has, refused ones leave a mark; so they do when it has sent nothing since. */
function judgeMarks(
  find: World["history"]["find"],
  sender: string,
  {
    entries,
    events,
    isLiving,
  }: {
    readonly entries: readonly Entry[];
    readonly events: readonly SentEvent[];
    readonly isLiving: boolean;
  },
): void {
  const marked = entries.reduce(
    (sum, entry) => sum + (entry.kind === "gap" && entry.writer === sender ? entry.missed : 0),
    0,
  );
  const judge = (): void => {
    if (marked < refused) find("loss", `${sender}: ${refused} refused events, ${marked} marked`);
  };
  let refused = 0;
  for (const event of events) {
    if (event.outcome === "refused") refused += 1;
    if (refused === 0 || event.outcome !== "sent" || event.places.size === 0) continue;
    judge();
    return;
  }
  if (isLiving) judge();
}

/** When nothing is under way, every event of a server that lives was confirmed or refused. */
export function judgeOutcomes({ history, nodes }: World): void {
  const living = new Set(nodes.map(({ name }) => name));
  for (const { flag, number, outcome, places, sender } of history.events) {
    if (!living.has(sender)) continue;
    if (outcome === "waiting") history.find("loss", `#${number} of ${sender} has no outcome`);
    if (outcome === "sent" && flag === "none" && places.size === 0) {
      history.find("loss", `#${number} of ${sender} was confirmed, and the log does not have it`);
    }
  }
}
