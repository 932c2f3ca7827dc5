// Virtual time: what is to happen, in order. Between two moments all microtasks run, so that nothing depends on how fast
// the machine is.

import type { Milliseconds } from "@sockeye/portable";

interface Entry {
  readonly at: Milliseconds;
  readonly order: number;
  /** `null` once it was cancelled. */
  call: (() => void) | null;
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** More turns than that at one moment are a timer that is due again and again. */
const MOST_TURNS = 10_000;

/** The time of a simulation, in whole milliseconds. */
export class Timeline {
  /** What is called that throws. */
  onFault: (error: unknown) => void = (error) => {
    throw error;
  };
  readonly #heap: Entry[] = [];
  readonly #turn: () => Promise<void>;
  #now: Milliseconds = 0;
  #order = 0;
  #passed = 0;
  #turns = 0;

  /** `turn`: resolves when all microtasks have run. */
  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  get now(): Milliseconds {
    return this.#now;
  }

  /** How many things have happened. */
  get passed(): number {
    return this.#passed;
  }

  /** Calls back after a time; the returned function cancels. */
  after(delay: Milliseconds, call: () => void): () => void {
    const entry: Entry = {
      at: this.#now + Math.max(0, Math.ceil(delay)),
      order: this.#order++,
      call,
    };
    this.#push(entry);
    return () => {
      entry.call = null;
    };
  }

  /** Lets time pass. Where it stands still, that is a fault, and nothing happens any more. */
  async runUntil(end: Milliseconds): Promise<void> {
    await this.#turn();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#turns = next.at > this.#now ? 0 : this.#turns + 1;
      this.#now = next.at;
      if (this.#turns > MOST_TURNS) {
        this.#heap.length = 0;
        this.onFault(new Error("time stands still: something is due again and again"));
        return;
      }
      this.#runDue(this.#order);
      await this.#turn();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Runs what is due now and was there before: what is added meanwhile belongs to the next turn. */
  #runDue(before: number): void {
    for (let next = this.#heap[0]; next !== undefined; next = this.#heap[0]) {
      if (next.at > this.#now || next.order >= before) return;
      this.#pop();
      const { call } = next;
      if (call === null) continue;
      this.#passed += 1;
      try {
        call();
      } catch (error) {
        this.onFault(error);
      }
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry))
        child += 1;
      const below = heap[child] as Entry;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
