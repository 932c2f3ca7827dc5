// A log as a broker would keep it, seen from one server: appending, delivery and reading take random time, finish out of
// order and fail. Time is that of a clock moved by hand, chance that of a seed.

import type { FakeClock, SeededRandom } from "@sockeye/testkit";
import type { Missed, MissedRange, Room } from "../src/contract.ts";
import type { Log, LogEntry } from "../src/recovery/log.ts";

/** Answers after a random time. */
export class RandomDelay {
  readonly #clock: FakeClock;
  readonly #random: SeededRandom;

  constructor(clock: FakeClock, random: SeededRandom) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Resolves after up to `most` milliseconds, or rejects once in `failures` times. */
  wait(most: number, failures = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const isFailing = failures > 0 && this.#random.once(failures);
      this.#clock.after(this.#random.below(most + 1), () => {
        if (isFailing) reject(new Error("the broker failed"));
        else resolve();
      });
    });
  }
}

/** Packets in the order in which they reached the broker. */
export class DelayedLog implements Log {
  readonly entries: LogEntry[] = [];
  readonly #delay: RandomDelay;
  readonly #random: SeededRandom;
  readonly #deliver: (entry: LogEntry, offset: string) => void;
  /** How many entries this server was sent. */
  #consumed = 0;
  /** Entries before this one are gone. */
  first = 0;

  /** `deliver` is called for each entry, in order, some time after it was appended. */
  constructor(
    delay: RandomDelay,
    random: SeededRandom,
    deliver: (entry: LogEntry, offset: string) => void,
  ) {
    this.#delay = delay;
    this.#random = random;
    this.#deliver = deliver;
  }

  lastOffset(): string {
    return `${this.#consumed}`;
  }

  async append(entry: LogEntry): Promise<string> {
    await this.#delay.wait(5);
    this.entries.push(entry);
    const offset = `${this.entries.length}`;
    void this.#delay.wait(5).then(() => this.#consume());
    await this.#delay.wait(5);
    return offset;
  }

  async missedSince(
    offset: string,
    rooms: ReadonlySet<Room>,
    { until }: MissedRange = {},
  ): Promise<Missed | null> {
    await this.#delay.wait(20, 8);
    const from = Number(offset);
    if (from < this.first) return null;
    const packets = this.entries
      .slice(from, Number(until ?? this.entries.length))
      .filter(
        (entry) => entry.rooms.size === 0 || [...entry.rooms].some((room) => rooms.has(room)),
      );
    await this.#delay.wait(20);
    return { packets: packets.map(({ encoded }) => encoded), last: until ?? this.lastOffset() };
  }

  /** Delivers some of what has not been delivered, so that one delivery may bring several packets or none. */
  #consume(): void {
    const waiting = this.entries.length - this.#consumed;
    const count = this.#random.below(waiting + 1);
    for (let each = 0; each < count; each++) this.#next();
    if (this.#consumed < this.entries.length) void this.#delay.wait(5).then(() => this.#consume());
  }

  #next(): void {
    const entry = this.entries[this.#consumed];
    if (entry === undefined) return;
    this.#consumed += 1;
    this.#deliver(entry, this.lastOffset());
  }
}
