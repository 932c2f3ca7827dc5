// Every cell of the table of docs/spec/client.md: what each state of a manager makes of each event; and the numbers that
// go with it.

import { describe, expect, test } from "vitest";
import { cellsAfter } from "../testing/page-table.ts";
import {
  ended,
  IDLE,
  type ManagerState,
  opened,
  opening,
  pinged,
  resumed,
  retried,
  stateOf,
} from "./manager-transition.ts";
import { SETTINGS, type Settings } from "./options.ts";
import type { Status } from "./status.ts";

const NOW = 1_000_000;

const SET: Settings = { ...SETTINGS, reconnectionAttempts: 3, randomizationFactor: 0 };

function at(status: Status, more: Partial<ManagerState> = {}): ManagerState {
  return stateOf(IDLE, status, more);
}

const waiting: Status = { state: "waiting", attempt: 2, until: NOW + 2000 };
const connecting: Status = { state: "connecting", attempt: 2 };
const open: Status = { state: "open", transport: "websocket" };
const pausing: Status = { state: "closed", reason: "transport close", advice: "wait" };
const gaveUp: Status = { state: "closed", reason: "reconnect failed", advice: "connect" };
const closed: Status = { state: "closed", reason: "forced close", advice: "none" };

const STATES: Record<string, ManagerState> = {
  idle: IDLE,
  connecting: at(connecting, { beganAt: NOW - 999 }),
  "connecting for 5 s": at(connecting, { beganAt: NOW - 5000 }),
  open: at(open),
  "open, resumed": at(open, { isResumed: true }),
  "closed, wait": at(pausing, { attempt: 2, beganAt: NOW - 100 }),
  waiting: at(waiting, { beganAt: NOW - 5000 }),
  "closed, gave up": at(gaveUp, { attempt: 1 }),
  closed: at(closed),
};

type Transition = (from: ManagerState, changed?: Partial<Settings>) => ManagerState;

const start: Transition = (from) => opening(from, NOW);
const lose: Transition = (from) => ended(from, "transport close", "wait");
const retry: Transition = (from, changed) =>
  retried(from, { ...SET, ...changed }, { now: NOW, random: 0.5 });
const look: Transition = (from, changed) =>
  resumed(from, { ...SET, ...changed }, { now: NOW, isNetwork: false });
const online: Transition = (from, changed) =>
  resumed(from, { ...SET, ...changed }, { now: NOW, isNetwork: true });
const cancel: Transition = (from) => ended(from, "reconnection is off", "connect");

const EVENTS: Record<string, Transition> = {
  open: start,
  opened: () => opened("polling"),
  "failed, lost": lose,
  "failed, final": (from) => ended(from, "xhr poll error", "connect"),
  retry,
  "retry, no attempt left": (from) => retry(from, { reconnectionAttempts: 1 }),
  "retry, reconnection off": (from) => retry(from, { reconnection: false }),
  "resumed: page": look,
  "resumed: network": online,
  pinged,
  cancel,
  close: (from) => ended(from, "forced close", "none"),
};

/** A state as a cell of the page says it. */
function named({ advice, attempt, isResumed, state }: ManagerState): string {
  switch (state) {
    case "open":
      return isResumed ? "open, resumed" : "open";
    case "closed":
      return advice === "connect" && attempt > 0 ? "closed, gave up" : `closed, ${advice}`;
    default:
      return state;
  }
}

const cells = cellsAfter("spec/client.md", "**CL30**");

test("CL30 the page has every state and every event", () => {
  expect([...new Set(cells.map(({ column }) => column))]).toEqual(Object.keys(STATES));
  expect([...new Set(cells.map(({ row }) => row))]).toEqual(Object.keys(EVENTS));
});

test.each(cells.filter(({ text }) => text !== "·"))(
  "CL30 $column, $row: $text",
  ({ row, column, text }) => {
    const from = STATES[column] as ManagerState;
    const to = (EVENTS[row] as Transition)(from);
    if (text === "–") expect(to).toEqual(from);
    else expect(named(to)).toBe(text);
  },
);

describe("numbers", () => {
  test("CL32 a failed attempt is followed by the next one, after the wait of its number", () => {
    const first = lose(at({ state: "connecting", attempt: 0 }, { beganAt: NOW }));
    expect(first).toMatchObject({ attempt: 1, advice: "wait", reason: "transport close" });
    const second = lose(start(retry(first)));
    expect(second.attempt).toBe(2);
    expect(retry(second).status).toEqual({ state: "waiting", attempt: 2, until: NOW + 2000 });
  });

  test("CL32 a connection that was lost is followed by attempt number 1", () => {
    const { status } = retry(lose(at(open)));
    expect(status).toEqual({ state: "waiting", attempt: 1, until: NOW + 1000 });
  });

  test("CL32 after the last attempt the manager gives up", () => {
    const last = at(pausing, { attempt: 3, beganAt: NOW });
    expect(retry(last).state).toBe("waiting");
    expect(retry({ ...last, attempt: 4 }).status).toEqual(gaveUp);
  });

  test("CL38 what is opened after waiting was cancelled is no reconnection", () => {
    const { status } = start(cancel(STATES["waiting"] as ManagerState));
    expect(status).toEqual({ state: "connecting", attempt: 0 });
  });

  test("CL37 nor is what is opened by a listener that is notified of a loss", () => {
    const { status } = start(lose(at(open)));
    expect(status).toEqual({ state: "connecting", attempt: 0 });
  });

  test("CL41 a loss after waking is followed by an attempt at once, a second one by the usual wait", () => {
    const soon = retry(lose(at(open, { isResumed: true })));
    expect(soon).toMatchObject({ attempt: 1, until: NOW, isResumed: true });
    const again = retry(lose(start(soon)));
    expect(again).toMatchObject({ attempt: 1, until: NOW + 1000, isResumed: false });
  });

  test("CL42 looking at the page brings the next attempt forward, but not within a second of the last", () => {
    const later = at({ ...waiting, until: NOW + 3000 }, { beganAt: NOW - 400 });
    expect(look(later).until).toBe(NOW + 600);
    expect(look({ ...later, beganAt: NOW - 5000 }).until).toBe(NOW);
    const quick = look({ ...later, beganAt: NOW - 30 }, { reconnectionDelay: 50 });
    expect(quick.until).toBe(NOW + 20);
    const sooner = at({ ...waiting, until: NOW + 100 }, { beganAt: NOW - 400 });
    expect(look(sooner).until).toBe(NOW + 100);
  });

  test("CL42 an attempt that was made because of that does not count", () => {
    const attempt = at(connecting, { beganAt: NOW, isResumed: true });
    expect(lose(attempt).attempt).toBe(2);
    expect(lose({ ...attempt, attempt: 0 }).attempt).toBe(1);
  });

  test("CL43 a network that is back is a reason to try at once", () => {
    const later = at({ ...waiting, until: NOW + 3000 }, { beganAt: NOW - 400 });
    expect(online(later).status).toEqual({ ...waiting, until: NOW });
  });

  test("CL44 an attempt is made anew when the network is back after a second, the page after five", () => {
    const began = (ms: number) => at(connecting, { beganAt: NOW - ms });
    expect(online(began(999))).toEqual(began(999));
    expect(online(began(1000))).toMatchObject({ beganAt: NOW, isResumed: true });
    expect(look(began(4999))).toEqual(began(4999));
    expect(look(began(5000))).toMatchObject({ beganAt: NOW, status: { attempt: 2 } });
  });

  test("CL45 a manager that has given up begins again, at once, when the network or the page is back", () => {
    const over = retry(at(pausing, { attempt: 4, beganAt: NOW - 5000 }));
    for (const back of [look, online]) {
      expect(back(over).status).toEqual({ state: "waiting", attempt: 1, until: NOW });
      expect(back(over, { reconnection: false })).toBe(over);
    }
  });

  test("CL39 a session that moves keeps the manager open, over the other transport", () => {
    expect(opened("polling")).toEqual(at({ state: "open", transport: "polling" }));
  });
});
