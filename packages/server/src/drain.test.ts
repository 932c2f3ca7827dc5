// Draining decides which connection is closed when; on a clock that is moved by hand.

import { FakeClock } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { Drain, type DrainOptions, type DrainReport } from "./drain.ts";

class FakeConnection {
  closed: string | null = null;
  /** Flushes at once. */
  close(how: "flush" | "discard" = "flush"): void {
    this.closed = how;
  }
}

/** `asks`: how many of the connections wait for an answer at first. */
function drained(count: number, options: DrainOptions = {}, asks = 0) {
  const clock = new FakeClock();
  const all = Array.from({ length: count }, () => new FakeConnection());
  const asking = new Set(all.slice(0, asks));
  const log = { refusedAt: -1, report: null as DrainReport | null };
  const open = () => all.filter(({ closed }) => closed === null);
  const done = Drain.run(
    {
      clock,
      connections: open,
      unsettled: () => asking,
      refuseHandshakes: () => {
        log.refusedAt = clock.now();
      },
      random: () => 0.5,
    },
    options,
  ).then((report) => {
    log.report = report;
    return report;
  });
  const began = clock.now();
  return { all, asking, began, clock, done, log, open };
}

describe("draining", () => {
  test("DR1 connections are closed at the rate, in order for their buffers", async () => {
    const { all, clock, done, open } = drained(300, { rate: 100 });
    clock.advance(0);
    expect(open()).toHaveLength(299);
    clock.advance(1000);
    expect(open().length).toBeGreaterThanOrEqual(198);
    expect(open().length).toBeLessThanOrEqual(201);
    clock.advance(3000);
    expect(await done).toMatchObject({ moved: 300, unsettled: 0, forced: 0 });
    expect(new Set(all.map(({ closed }) => closed))).toEqual(new Set(["flush"]));
  });

  test("DR1 handshakes are refused after the delay, and nothing is closed before", () => {
    const { began, clock, log, open } = drained(10, { delay: 2000 });
    clock.advance(1999);
    expect(log.refusedAt).toBe(-1);
    expect(open()).toHaveLength(10);
    clock.advance(1);
    expect(log.refusedAt - began).toBe(2000);
  });

  test("DR2 a connection that waits for an answer is waited for", async () => {
    const { all, asking, clock, done } = drained(3, { rate: 1000, grace: 1000 }, 2);
    clock.advance(500);
    expect(all.map(({ closed }) => closed)).toEqual([null, null, "flush"]);
    asking.delete(all[0] as FakeConnection);
    clock.advance(200);
    expect(all[0]?.closed).toBe("flush");
    clock.advance(500);
    expect(await done).toMatchObject({ moved: 3, unsettled: 1, forced: 0 });
  });

  test("DR2 what is left at the deadline is cut", async () => {
    const { all, clock, done } = drained(100, { rate: 10, deadline: 1000 });
    clock.advance(1200);
    const report = await done;
    expect(report.forced).toBeGreaterThan(80);
    expect(report.forced + report.moved).toBe(100);
    expect(all.filter(({ closed }) => closed === "discard")).toHaveLength(report.forced);
  });

  test("DR2 time spent waiting is not made up for at once", () => {
    const { asking, clock, open } = drained(
      1000,
      { rate: 100, grace: 60_000, deadline: 60_000 },
      1000,
    );
    clock.advance(10_000);
    asking.clear();
    clock.advance(100);
    expect(open().length).toBeGreaterThan(920);
  });

  test("without connections it is over at once", async () => {
    const { clock, done } = drained(0);
    clock.advance(0);
    expect(await done).toEqual({ moved: 0, unsettled: 0, forced: 0, milliseconds: 0 });
  });

  test.each([{ rate: 0 }, { rate: Number.NaN }, { delay: -1 }, { grace: "1" as never }])(
    "DR4 %o is refused",
    (options) => {
      expect(() => drained(1, options)).toThrow(RangeError);
    },
  );
});
