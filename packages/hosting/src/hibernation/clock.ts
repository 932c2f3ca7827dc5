// The time of a process that loses its memory. A timer of the runtime keeps it in memory, so that only short waits are timers; a
// long one is an alarm, which wakes the process, and one that nobody misses is looked at when it is awake anyway.

import type { Clock, Milliseconds } from "@sockeye/portable";
import { webClock } from "../platform.ts";
import type { AlarmStorage } from "./storage.ts";

/** The longest wait that keeps the process in memory. */
const SHORT: Milliseconds = 15_000;
/** By how much an alarm may be too early before it is set again. */
const SLACK: Milliseconds = 1000;

interface Wait {
  readonly dueAt: Milliseconds;
  readonly wakes: boolean;
  readonly callback: () => void;
}

/** The clocks of one process, over its alarm. */
export class HibernationClock {
  /** Long waits end by an alarm. */
  readonly waking: Clock = {
    ...webClock,
    after: (delay, callback) => this.#after(delay, callback),
  };
  /** Waits end with the first event after they are due. */
  readonly idle: Clock = {
    ...webClock,
    after: (delay, callback) => this.#wait(delay, { wakes: false, callback }),
  };
  readonly #storage: AlarmStorage;
  readonly #surface: (error: unknown) => void;
  readonly #waits = new Set<Wait>();
  #beforeDue: () => void = () => {};
  /** When the alarm is due, in milliseconds since 1970, as far as this process has set it. */
  #alarm: Milliseconds = Infinity;

  constructor(storage: AlarmStorage, surface: (error: unknown) => void) {
    this.#storage = storage;
    this.#surface = surface;
  }

  /** Calls `note` before waits end: what happened without the process may cancel them. */
  beforeDue(note: () => void): void {
    this.#beforeDue = note;
  }

  /** Calls back what is due. */
  runDue(): void {
    const now = webClock.now();
    const due = [...this.#waits].filter(({ dueAt }) => dueAt <= now);
    if (due.length > 0) this.#beforeDue();
    for (const wait of due) {
      if (!this.#waits.delete(wait)) continue;
      try {
        wait.callback();
      } catch (error) {
        this.#surface(error);
      }
    }
  }

  /** The alarm has fired. */
  onAlarm(): void {
    this.#alarm = Infinity;
    this.runDue();
    this.setAlarm();
  }

  /** Sets the alarm for the first of the long waits. */
  setAlarm(): void {
    const due = [...this.#waits].filter(({ wakes }) => wakes).map(({ dueAt }) => dueAt);
    const left = Math.min(...due) - webClock.now();
    const at = Math.ceil(webClock.wallTime() + left);
    if (at === this.#alarm || Math.abs(at - this.#alarm) < SLACK) return;
    this.#alarm = at;
    const isSet = at === Infinity ? this.#storage.deleteAlarm() : this.#storage.setAlarm(at);
    isSet.catch(this.#surface);
  }

  #after(delay: Milliseconds, callback: () => void): () => void {
    if (delay <= SHORT) return this.#timer(delay, callback);
    return this.#wait(delay, { wakes: true, callback });
  }

  #timer(delay: Milliseconds, callback: () => void): () => void {
    let isCancelled = false;
    const cancel = webClock.after(delay, () => {
      this.#beforeDue();
      if (!isCancelled) callback();
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #wait(delay: Milliseconds, { callback, wakes }: Omit<Wait, "dueAt">): () => void {
    const wait = { dueAt: webClock.now() + delay, wakes, callback };
    this.#waits.add(wait);
    return () => void this.#waits.delete(wait);
  }
}
