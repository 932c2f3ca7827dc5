// What the application reported, until a case asks for it. A case therefore never races with what it observes.

import type { Plain } from "./plain.ts";

interface Entry {
  readonly owner: string;
  readonly name: string;
  readonly args: readonly Plain[];
}

interface Waiter {
  readonly owner: string;
  readonly name: string;
  readonly resolve: (args: readonly Plain[]) => void;
}

/** Reports by owner and name, in order. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #waiters = new Set<Waiter>();

  push(entry: Entry): void {
    for (const waiter of this.#waiters) {
      if (waiter.owner !== entry.owner || waiter.name !== entry.name) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(entry.args);
      return;
    }
    this.#entries.push(entry);
  }

  /** Removes and returns the arguments of the oldest entry, or waits for one. */
  take(owner: string, name: string): Promise<readonly Plain[]> {
    const at = this.#entries.findIndex((entry) => entry.owner === owner && entry.name === name);
    const [entry] = at < 0 ? [] : this.#entries.splice(at, 1);
    if (entry !== undefined) return Promise.resolve(entry.args);
    return new Promise((resolve) => this.#waiters.add({ owner, name, resolve }));
  }

  /** The entries of an owner that were not taken: name and arguments. */
  kept(owner: string): Plain[][] {
    return this.#entries
      .filter((entry) => entry.owner === owner)
      .map(({ name, args }) => [name, ...args]);
  }

  /** What was reported and not taken, for the message of a failure. */
  get summary(): string {
    const names = this.#entries.map(({ name }) => name);
    return names.length > 12 ? `${names.length} reports` : names.join(", ") || "nothing";
  }
}
