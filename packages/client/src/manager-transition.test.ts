// Every cell of the table of docs/spec/client.md: what each state of a manager makes of each event; and the numbers that
// go with it.

import { describe, expect, test } from "vitest";
import { cellsAfter } from "../testing/page-table.ts";
import {
  GAVE_UP,
  IDLE,
  type ManagerEvent,
  type ManagerSetting,
  type ManagerState,
  nextManagerState,
} from "./manager-transition.ts";
import type { Status } from "./status.ts";

const NOW = 1_000_000;

const SETTING: ManagerSetting = {
  now: NOW,
  reconnection: true,
  reconnectionAttempts: 3,
  reconnectionDelay: 1000,
  waitMs: (attempt) => attempt * 1000,
};

function at(status: Status, more: Partial<ManagerState> = {}): ManagerState {
  return { ...IDLE, status, ...more };
}

const waiting: Status = { state: "waiting", attempt: 2, until: NOW + 2000 };
const connecting: Status = { state: "connecting", attempt: 2 };
const open: Status = { state: "open", transport: "websocket" };
const pausing: Status = { state: "closed", reason: "transport close", advice: "wait" };
const gaveUp: Status = { state: "closed", reason: GAVE_UP, advice: "connect" };
const closed: Status = { state: "closed", reason: "forced close", advice: "none" };

const STATES: Record<string, ManagerState> = {
  idle: IDLE,
  connecting: at(connecting, { attempt: 2, beganAt: NOW - 999 }),
  "connecting for 5 s": at(connecting, { attempt: 2, beganAt: NOW - 5000 }),
  open: at(open),
  "open, resumed": at(open, { isResumed: true }),
  "closed, wait": at(pausing, { attempt: 2, beganAt: NOW - 100 }),
  waiting: at(waiting, { attempt: 2, beganAt: NOW - 5000 }),
  "closed, gave up": at(gaveUp),
  closed: at(closed),
};

interface Case {
  readonly event: ManagerEvent;
  readonly setting?: Partial<ManagerSetting>;
}

const EVENTS: Record<string, Case> = {
  open: { event: { type: "open" } },
  opened: { event: { type: "opened", transport: "polling" } },
  moved: { event: { type: "moved", transport: "websocket" } },
  failed: { event: { type: "failed", reason: "xhr poll error", isFinal: false } },
  "failed, final": { event: { type: "failed", reason: "xhr poll error", isFinal: true } },
  lost: { event: { type: "lost", reason: "transport close" } },
  retry: { event: { type: "retry" } },
  "retry, no attempt left": { event: { type: "retry" }, setting: { reconnectionAttempts: 1 } },
  "retry, reconnection off": { event: { type: "retry" }, setting: { reconnection: false } },
  due: { event: { type: "due" } },
  "resumed: page": { event: { type: "resumed", isNetwork: false } },
  "resumed: network": { event: { type: "resumed", isNetwork: true } },
  pinged: { event: { type: "pinged" } },
  cancel: { event: { type: "cancel" } },
  close: { event: { type: "close" } },
};

function next(from: ManagerState, { event, setting }: Case): ManagerState {
  return nextManagerState(from, event, { ...SETTING, ...setting });
}

/** A state as a cell of the page says it. */
function named({ isResumed, status }: ManagerState): string {
  switch (status.state) {
    case "open":
      return isResumed ? "open, resumed" : "open";
    case "closed":
      return status.reason === GAVE_UP ? "closed, gave up" : `closed, ${status.advice}`;
    default:
      return status.state;
  }
}

const cells = cellsAfter("spec/client.md", "**CL30**");

test("CL30 the page has every state and every event", () => {
  expect([...new Set(cells.map(({ column }) => column))]).toEqual(Object.keys(STATES));
  expect([...new Set(cells.map(({ row }) => row))]).toEqual(Object.keys(EVENTS));
});

test.each(cells)("CL30 $column, $row: $text", ({ row, column, text }) => {
  const from = STATES[column] as ManagerState;
  const to = next(from, EVENTS[row] as Case);
  expect(to === from ? "–" : named(to)).toBe(text);
});

describe("numbers", () => {
  const failed = EVENTS["failed"] as Case;
  const page = EVENTS["resumed: page"] as Case;
  const network = EVENTS["resumed: network"] as Case;

  test("CL32 a failed attempt is followed by the next one, after the wait of its number", () => {
    const first = next(at({ state: "connecting", attempt: 0 }, { beganAt: NOW }), failed);
    expect(first).toMatchObject({
      attempt: 1,
      status: { advice: "wait", reason: "xhr poll error" },
    });
    const second = next({ ...first, status: connecting, attempt: 1 }, failed);
    expect(second.attempt).toBe(2);
    expect(next(second, { event: { type: "retry" } }).status).toEqual({
      state: "waiting",
      attempt: 2,
      until: NOW + 2000,
    });
  });

  test("CL32 a connection that was lost is followed by attempt number 1", () => {
    const lost = next(at(open), EVENTS["lost"] as Case);
    expect(next(lost, EVENTS["retry"] as Case).status).toEqual({
      state: "waiting",
      attempt: 1,
      until: NOW + 1000,
    });
  });

  test("CL32 after the last attempt the manager gives up", () => {
    const last = at(pausing, { attempt: 3, beganAt: NOW });
    expect(next(last, EVENTS["retry"] as Case).status.state).toBe("waiting");
    const beyond = next({ ...last, attempt: 4 }, EVENTS["retry"] as Case);
    expect(beyond.status).toEqual({
      state: "closed",
      reason: "reconnect failed",
      advice: "connect",
    });
    expect(beyond.attempt).toBe(0);
  });

  test("CL38 what is opened after waiting was cancelled is no reconnection", () => {
    const cancelled = next(STATES["waiting"] as ManagerState, EVENTS["cancel"] as Case);
    expect(next(cancelled, EVENTS["open"] as Case).status).toEqual({
      state: "connecting",
      attempt: 0,
    });
  });

  test("CL41 a loss after waking is followed by an attempt at once, a second one by the usual wait", () => {
    const lost = next(at(open, { isResumed: true }), EVENTS["lost"] as Case);
    const soon = next(lost, EVENTS["retry"] as Case);
    expect(soon).toMatchObject({ status: { attempt: 1, until: NOW }, isResumed: true });
    const attempt = next(soon, EVENTS["due"] as Case);
    const again = next(next(attempt, failed), EVENTS["retry"] as Case);
    expect(again).toMatchObject({ status: { attempt: 1, until: NOW + 1000 }, isResumed: false });
  });

  test("CL42 looking at the page brings the next attempt forward, but not within a second of the last", () => {
    const later = at({ ...waiting, until: NOW + 3000 }, { attempt: 2, beganAt: NOW - 400 });
    expect(next(later, page).status).toMatchObject({ until: NOW + 600 });
    expect(next({ ...later, beganAt: NOW - 5000 }, page).status).toMatchObject({ until: NOW });
    const { waitMs } = SETTING;
    const quick = { event: page.event, setting: { reconnectionDelay: 50, waitMs } };
    expect(next({ ...later, beganAt: NOW - 30 }, quick).status).toMatchObject({ until: NOW + 20 });
    const sooner = at({ ...waiting, until: NOW + 100 }, { attempt: 2, beganAt: NOW - 400 });
    expect(next(sooner, page).status).toMatchObject({ until: NOW + 100 });
  });

  test("CL42 an attempt that was made because of that does not count", () => {
    const resumed = at(connecting, { attempt: 2, beganAt: NOW, isResumed: true });
    expect(next(resumed, failed).attempt).toBe(2);
    expect(next({ ...resumed, attempt: 0 }, failed).attempt).toBe(1);
  });

  test("CL43 a network that is back is a reason to try at once", () => {
    const later = at({ ...waiting, until: NOW + 3000 }, { attempt: 2, beganAt: NOW - 400 });
    expect(next(later, network).status).toMatchObject({ until: NOW });
  });

  test("CL44 an attempt is made anew when the network is back after a second, the page after five", () => {
    const began = (ms: number) => at(connecting, { attempt: 2, beganAt: NOW - ms });
    expect(next(began(999), network)).toEqual(began(999));
    expect(next(began(1000), network)).toMatchObject({ beganAt: NOW, isResumed: true });
    expect(next(began(4999), page)).toEqual(began(4999));
    expect(next(began(5000), page)).toMatchObject({ beganAt: NOW, status: { attempt: 2 } });
  });

  test("CL45 a manager that has given up begins again, at once, when the network or the page is back", () => {
    for (const resumed of [page, network]) {
      expect(next(at(gaveUp), resumed).status).toEqual({
        state: "waiting",
        attempt: 1,
        until: NOW,
      });
      const off = { event: resumed.event, setting: { reconnection: false } };
      expect(next(at(gaveUp), off).status).toEqual(gaveUp);
    }
  });

  test("CL39 a session that moves keeps the manager open, over the other transport", () => {
    expect(next(at(open), { event: { type: "moved", transport: "polling" } })).toEqual(
      at({ state: "open", transport: "polling" }),
    );
  });
});
