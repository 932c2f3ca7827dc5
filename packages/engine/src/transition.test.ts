// Every cell of the table in docs/architecture.md: what a state makes of an event, next state and effects.

import { describe, expect, test } from "vitest";
import type { ConnectionEvent, ConnectionState, Effect } from "./connection-state.ts";
import type { Closing } from "./reasons.ts";
import { transition } from "./transition.ts";
import { POLLING, WEBSOCKET } from "./transports/kinds.ts";
import type { EndCause, Transport } from "./transports/transport.ts";
import type { UpgradeAttempt } from "./upgrade-attempt.ts";

// Nothing of a transport but its kind is looked at, and nothing of an attempt but its transport.
const polling = { kind: POLLING } as Transport;
const webSocket = { kind: WEBSOCKET } as Transport;
const attempt = { transport: webSocket } as UpgradeAttempt;
const otherAttempt = { transport: { kind: WEBSOCKET } } as UpgradeAttempt;

const left: Closing = { reason: "transport close" };
const broken: Closing = { reason: "transport error", error: new Error("broken") };
const forced: Closing = { reason: "forced close" };
const over: Closing = { reason: "transport error", error: new Error("over the limit") };

const STATES = {
  "open on polling": { kind: "open", transport: polling },
  "open on websocket": { kind: "open", transport: webSocket },
  upgrading: { kind: "upgrading", transport: polling, attempt },
  closing: { kind: "closing", transport: polling, attempt: null },
  "closing during a trial": { kind: "closing", transport: polling, attempt },
  failing: { kind: "failing", transport: webSocket, attempt: null, closing: over },
  "failing during a trial": { kind: "failing", transport: polling, attempt, closing: over },
  closed: { kind: "closed", closing: broken },
} as const satisfies Record<string, ConnectionState>;

const EVENTS = {
  candidate: { kind: "candidate", attempt: otherAttempt },
  upgraded: { kind: "upgraded", attempt },
  "upgraded (of another attempt)": { kind: "upgraded", attempt: otherAttempt },
  "candidate failed": { kind: "candidate-failed", attempt },
  "candidate failed (of another attempt)": { kind: "candidate-failed", attempt: otherAttempt },
  "close, flush": { kind: "close", how: "flush" },
  "close, discard": { kind: "close", how: "discard" },
  "lost, left": { kind: "lost", closing: left },
  "lost, broken": { kind: "lost", closing: broken },
  drained: { kind: "drained" },
  overdue: { kind: "overdue" },
  overflowed: { kind: "overflowed", closing: over },
  "cut due": { kind: "cut-due" },
  released: { kind: "released" },
} as const satisfies Record<string, ConnectionEvent>;

type StateName = keyof typeof STATES;
type EventName = keyof typeof EVENTS;
type Cell = readonly [next: ConnectionState, ...effects: Effect[]];

const drop: Effect = { kind: "drop-attempt", attempt };
const refuse: Effect = { kind: "refuse-attempt", attempt: otherAttempt };

function ended(
  transport: Transport,
  [closing, cause]: readonly [Closing, EndCause],
  ...first: Effect[]
): Cell {
  return [
    { kind: "closed", closing },
    ...first,
    { kind: "end-transport", transport, cause },
    { kind: "tell-closed", closing },
  ];
}

const lingering = (transport: Transport, trial: UpgradeAttempt | null): Cell => [
  { kind: "closing", transport, attempt: trial },
  { kind: "linger", transport },
];

const failing = (transport: Transport, trial: UpgradeAttempt | null): Cell => [
  { kind: "failing", transport, attempt: trial, closing: over },
  { kind: "cut-later" },
];

/** What is not here stays as it is, without effect: that is a decision as well. */
const TABLE: Readonly<Record<StateName, Partial<Record<EventName, Cell>>>> = {
  "open on polling": {
    candidate: [
      { kind: "upgrading", transport: polling, attempt: otherAttempt },
      { kind: "begin-attempt", attempt: otherAttempt },
    ],
    "close, flush": lingering(polling, null),
    "close, discard": ended(polling, [forced, "closing"]),
    "lost, left": ended(polling, [left, "peer left"]),
    "lost, broken": ended(polling, [broken, "closing"]),
    overflowed: failing(polling, null),
    released: [{ kind: "closed", closing: forced }],
  },
  "open on websocket": {
    candidate: [STATES["open on websocket"], refuse],
    "close, flush": lingering(webSocket, null),
    "close, discard": ended(webSocket, [forced, "closing"]),
    "lost, left": ended(webSocket, [left, "peer left"]),
    "lost, broken": ended(webSocket, [broken, "closing"]),
    overflowed: failing(webSocket, null),
    released: [{ kind: "closed", closing: forced }],
  },
  upgrading: {
    candidate: [STATES.upgrading, refuse],
    upgraded: [
      { kind: "open", transport: webSocket },
      { kind: "adopt", from: polling, attempt },
    ],
    "candidate failed": [{ kind: "open", transport: polling }, drop],
    "close, flush": lingering(polling, attempt),
    "close, discard": ended(polling, [forced, "closing"], drop),
    "lost, left": ended(polling, [left, "peer left"], drop),
    "lost, broken": ended(polling, [broken, "closing"], drop),
    overflowed: failing(polling, attempt),
  },
  closing: {
    candidate: [STATES.closing, refuse],
    "close, discard": ended(polling, [forced, "closing"]),
    "lost, left": ended(polling, [left, "peer left"]),
    "lost, broken": ended(polling, [broken, "closing"]),
    drained: ended(polling, [forced, "flushed"]),
    overdue: ended(polling, [forced, "cut"]),
  },
  "closing during a trial": {
    candidate: [STATES["closing during a trial"], refuse],
    upgraded: [
      { kind: "closing", transport: webSocket, attempt: null },
      { kind: "adopt", from: polling, attempt },
      { kind: "linger", transport: webSocket },
    ],
    "candidate failed": [{ kind: "closing", transport: polling, attempt: null }, drop],
    "close, discard": ended(polling, [forced, "closing"], drop),
    "lost, left": ended(polling, [left, "peer left"], drop),
    "lost, broken": ended(polling, [broken, "closing"], drop),
    drained: ended(polling, [forced, "flushed"], drop),
    overdue: ended(polling, [forced, "cut"], drop),
  },
  failing: {
    candidate: [STATES.failing, refuse],
    "close, discard": ended(webSocket, [over, "cut"]),
    "lost, left": ended(webSocket, [over, "cut"]),
    "lost, broken": ended(webSocket, [over, "cut"]),
    "cut due": ended(webSocket, [over, "cut"]),
  },
  "failing during a trial": {
    candidate: [STATES["failing during a trial"], refuse],
    "candidate failed": [
      { kind: "failing", transport: polling, attempt: null, closing: over },
      drop,
    ],
    "close, discard": ended(polling, [over, "cut"], drop),
    "lost, left": ended(polling, [over, "cut"], drop),
    "lost, broken": ended(polling, [over, "cut"], drop),
    "cut due": ended(polling, [over, "cut"], drop),
  },
  closed: {
    candidate: [STATES.closed, refuse],
  },
};

const CELLS = (Object.keys(STATES) as StateName[]).flatMap((state) =>
  (Object.keys(EVENTS) as EventName[]).map((event) => ({
    state,
    event,
    cell: TABLE[state][event],
  })),
);

describe("the table of transitions", () => {
  test.each(CELLS)("EN100 $state, $event", ({ state, event, cell }) => {
    const before = STATES[state];
    const { next, effects } = transition(before, EVENTS[event]);
    const [expected, ...expectedEffects] = cell ?? [before];
    expect(next).toEqual(expected);
    expect(effects).toEqual(expectedEffects);
    // What stays is the very same state: the connection writes nothing then.
    if (expected === before) expect(next).toBe(before);
    for (const effect of effects) {
      if ("attempt" in effect) expect([attempt, otherAttempt]).toContain(effect.attempt);
    }
  });

  test("EN100 every kind of state and of event has its row and column", () => {
    const states: Record<ConnectionState["kind"], true> = {
      open: true,
      upgrading: true,
      closing: true,
      failing: true,
      closed: true,
    };
    const events: Record<ConnectionEvent["kind"], true> = {
      candidate: true,
      upgraded: true,
      "candidate-failed": true,
      close: true,
      lost: true,
      drained: true,
      overdue: true,
      overflowed: true,
      "cut-due": true,
      released: true,
    };
    const kindsOf = (rows: Record<string, { kind: string }>): string[] => [
      ...new Set(Object.values(rows).map(({ kind }) => kind)),
    ];
    expect(kindsOf(STATES).sort()).toEqual(Object.keys(states).sort());
    expect(kindsOf(EVENTS).sort()).toEqual(Object.keys(events).sort());
    expect(CELLS).toHaveLength(112);
  });

  test("EN100 nothing leads out of closed, and a session ends with exactly one word of it, or with none when it is released", () => {
    for (const { state, event } of CELLS) {
      const { next, effects } = transition(STATES[state], EVENTS[event]);
      const told = effects.filter(({ kind }) => kind === "tell-closed");
      const ends = next.kind === "closed" && state !== "closed" && event !== "released";
      expect(told, `${state}, ${event}`).toHaveLength(ends ? 1 : 0);
      if (state === "closed") expect(next).toBe(STATES.closed);
      if (ends) expect(effects.at(-1)?.kind).toBe("tell-closed");
    }
  });
});
