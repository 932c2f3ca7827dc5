// Runs conversations twice, with moves and without, and compares what the clients and the application have noted.

import type { SavedConnection } from "@sockeye/engine";
import { conversationOf } from "./conversation.ts";
import type { Conversation } from "./steps.ts";
import { type Fault, questionIn, type Run, run } from "./world.ts";

/** What came of a seed. */
export interface Outcome {
  readonly seed: number;
  /** What differs, or is wrong by itself; `null` when nothing. */
  readonly failure: string | null;
  /** How often connections were moved, and why they were not. */
  readonly moves: Readonly<Record<string, number>>;
  /** How many entries were compared. */
  readonly entries: number;
}

type Saved = Record<string, never> & SavedConnection;
interface SavedSockets {
  readonly sockets: readonly Readonly<Record<string, unknown>>[];
}

function onSockets(change: (socket: Readonly<Record<string, unknown>>) => object): Fault {
  return (saved) => {
    const handler = saved.handler as SavedSockets;
    return { ...saved, handler: { ...handler, sockets: handler.sockets.map(change) } };
  };
}

/** Faults that a run with moves must be found out by: each loses a part of the data. */
export const faults: Readonly<Record<string, Fault>> = {
  "a heartbeat that begins anew": (saved) => ({
    ...saved,
    heartbeat: { beat: "resting", left: 600 },
  }),
  "a heartbeat whose phase is lost": ({ heartbeat, ...saved }) =>
    ({ ...saved, heartbeat: { ...heartbeat, beat: "resting" } }) as Saved,
  "a number of acknowledgements that begins at 0": (saved) => ({
    ...saved,
    handler: { ...(saved.handler as object), nextAckId: 0 },
  }),
  "a lost room": onSockets((socket) => ({
    ...socket,
    rooms: (socket["rooms"] as string[]).filter((room) => room !== "board"),
  })),
  "a lost half of a packet": (saved) => ({
    ...saved,
    handler: { ...(saved.handler as object), frames: [] },
  }),
  "frames that waited for a poll and are lost": (saved) => ({
    ...saved,
    transport: { ...saved.transport, frames: [] },
  }),
  "an encoding that is lost": (saved) => ({
    ...saved,
    transport: { ...saved.transport, parameters: "" },
  }),
  "lost data": onSockets(({ data: _, ...socket }) => socket),
  "a lost session": onSockets((socket) => ({ ...socket, recovery: null })),
  "lost offsets of joining": onSockets(({ joined: _, ...socket }) => socket),
  "namespaces that were left and are forgotten": (saved) => ({
    ...saved,
    handler: { ...(saved.handler as object), disconnectedFrom: [] },
  }),
  "a time to join that begins anew": (saved) => {
    const handler = saved.handler as { joinWithin: number | null };
    return { ...saved, handler: { ...handler, joinWithin: handler.joinWithin && 975 } };
  },
};

function differenceIn(plain: Run, moved: Run): string | null {
  for (const [index, log] of moved.logs.entries()) {
    // The callbacks of a socket that is moved end, which its client does not see.
    const isKept = (entry: string): boolean => !moved.ended.has(questionIn(entry) ?? -1);
    const [is, was] = [log.filter(isKept), (plain.logs[index] ?? []).filter(isKept)];
    const at = was.findIndex((entry, number) => entry !== is[number]);
    const where = at === -1 ? was.length : at;
    if (is.length === was.length && at === -1) continue;
    return `client ${index}, entry ${where}: ${is[where]}, and without moves ${was[where]}`;
  }
  return moved.faults[0] ?? plain.faults[0] ?? null;
}

/** Runs a conversation with moves and without. */
export async function compare(conversation: Conversation, fault?: Fault): Promise<Outcome> {
  const plain = await run(conversation, { moves: false });
  const moved = await run(conversation, { moves: true, fault: fault ?? null });
  const entries = plain.logs.reduce((sum, log) => sum + log.length, 0);
  const failure = differenceIn(plain, moved);
  return { seed: conversation.seed, failure, moves: moved.moves, entries };
}

/** Runs the conversation of a seed. */
export function simulate(seed: number, fault?: Fault): Promise<Outcome> {
  return compare(conversationOf(seed), fault);
}

/** The steps of a failing conversation without those that it fails without as well. */
export async function shortened(conversation: Conversation, fault?: Fault): Promise<Conversation> {
  let shortest = conversation;
  for (let size = Math.ceil(shortest.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < shortest.steps.length; ) {
      const steps = shortest.steps.filter((_, at) => at < from || at >= from + size);
      const candidate = { ...shortest, steps };
      if ((await compare(candidate, fault)).failure === null) from += size;
      else shortest = candidate;
    }
  }
  return shortest;
}
