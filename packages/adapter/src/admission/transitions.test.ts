// Every cell of the table of admissions: each phase with each event.

import { expect, test } from "vitest";
import {
  type AdmissionEvent,
  type AdmissionPhase,
  TRANSITIONS,
  transition,
} from "./transitions.ts";

const EVENTS: readonly AdmissionEvent[] = [
  "returns",
  "is new",
  "subscribed",
  "subscribing failed",
  "complete",
  "gap",
  "reading failed",
  "packet",
  "overflow",
  "left",
];

const ANEW = "subscribing: unsubscribe, drop held, report, subscribe";
const REFUSED = "refused: unsubscribe, drop held, report, refuse, end";

/** What happens, in the order of EVENTS; a dot stands for: nothing, and the phase stays. */
const CELLS: Readonly<Record<AdmissionPhase, readonly string[]>> = {
  restoring: [
    ...["resubscribing: resubscribe", "subscribing: subscribe"],
    ...[".", ".", ".", ".", ".", ".", ".", "left: end"],
  ],
  resubscribing: [
    ...[".", ".", "replaying: read", "refused: unsubscribe, give back, report, refuse, end"],
    ...[".", ".", ".", ".", ".", "leaving: "],
  ],
  subscribing: [
    ...[".", ".", "live: welcome, send held, enter", REFUSED, ".", ".", "."],
    ...["subscribing: hold", REFUSED, "left: unsubscribe, drop held, end"],
  ],
  replaying: [
    ...[".", ".", ".", ".", "live: send missed, welcome, send held, enter"],
    ...["subscribing: unsubscribe, drop held, subscribe", ANEW, "replaying: hold", ANEW],
    "left: unsubscribe, drop held, give back, end",
  ],
  live: [".", ".", ".", ".", ".", ".", ".", "live: hold", ".", "."],
  leaving: [
    ...[".", ".", "left: unsubscribe, give back, end", "left: unsubscribe, give back, end"],
    ...[".", ".", ".", ".", ".", "."],
  ],
  left: [".", ".", "left: unsubscribe", ".", ".", ".", ".", ".", ".", "."],
  refused: [".", ".", "refused: unsubscribe", ".", ".", ".", ".", ".", ".", "."],
};

const PHASES = Object.keys(TRANSITIONS) as AdmissionPhase[];

test.each(PHASES)("RE21 in the phase %s each event does what the table says", (phase) => {
  const found = EVENTS.map((event) => {
    const { effects, next } = transition(phase, event);
    return effects.length === 0 && next === phase ? "." : `${next}: ${effects.join(", ")}`;
  });
  expect(found).toEqual(CELLS[phase]);
});

test("RE21 from every phase but those at the end a client that leaves gets to an end", () => {
  const ends: readonly AdmissionPhase[] = ["live", "left", "refused"];
  for (const phase of PHASES) {
    let at = transition(phase, "left").next;
    // What was outstanding is answered.
    at = transition(at, "subscribed").next;
    expect(ends, phase).toContain(at);
  }
});
