// What keeps a process in memory, and what sets its alarm.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HibernationClock } from "./clock.ts";
import type { AlarmStorage } from "./storage.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function made() {
  const alarms: number[] = [];
  const surfaced: unknown[] = [];
  const storage: AlarmStorage = {
    setAlarm: async (at) => void alarms.push(at - Date.now()),
    deleteAlarm: async () => void alarms.push(Infinity),
  };
  const clock = new HibernationClock(storage, (error) => void surfaced.push(error));
  return { clock, alarms, surfaced };
}

describe("the clock of a process that hibernates", () => {
  test("a short wait is a timer", () => {
    const { clock, alarms } = made();
    const called = vi.fn();
    clock.waking.after(1000, called);
    clock.setAlarm();
    expect(alarms).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(called).toHaveBeenCalledOnce();
  });

  test("WK1 a long wait is an alarm, and no timer", () => {
    const { clock, alarms } = made();
    const called = vi.fn();
    clock.waking.after(60_000, called);
    clock.waking.after(3_600_000, called);
    expect(vi.getTimerCount()).toBe(0);
    clock.setAlarm();
    clock.setAlarm();
    expect(alarms).toEqual([60_000]);
    vi.advanceTimersByTime(60_000);
    expect(called).not.toHaveBeenCalled();
    clock.onAlarm();
    expect(called).toHaveBeenCalledOnce();
    expect(alarms).toEqual([60_000, 3_540_000]);
  });

  test("WK6 what happened without the process is noted before a wait ends, and may cancel it", () => {
    const { clock } = made();
    const called = vi.fn();
    const cancels: (() => void)[] = [];
    clock.beforeDue(() => {
      for (const cancel of cancels.splice(0)) cancel();
    });
    for (const delay of [1000, 60_000]) {
      const cancel = clock.waking.after(delay, called);
      clock.waking.after(delay, () => called(delay));
      cancels.push(cancel);
      vi.advanceTimersByTime(delay);
      clock.runDue();
    }
    expect(called.mock.calls).toEqual([[1000], [60_000]]);
  });

  test("a wait that was given up sets no alarm", () => {
    const { clock, alarms } = made();
    clock.waking.after(60_000, () => {})();
    clock.setAlarm();
    expect(alarms).toEqual([]);
    const cancel = clock.waking.after(60_000, () => {});
    clock.setAlarm();
    cancel();
    clock.setAlarm();
    expect(alarms).toEqual([60_000, Infinity]);
  });

  test("WK1 an idle wait ends with the first event after it is due, and wakes nothing", () => {
    const { clock, alarms, surfaced } = made();
    const called = vi.fn();
    clock.idle.after(100, () => {
      throw new Error("a fault");
    });
    clock.idle.after(100, called);
    clock.setAlarm();
    vi.advanceTimersByTime(200);
    expect(called).not.toHaveBeenCalled();
    clock.runDue();
    expect(called).toHaveBeenCalledOnce();
    expect(surfaced).toEqual([new Error("a fault")]);
    expect(alarms).toEqual([]);
  });
});
