// Keeps everything that happened to one party, in order, from its birth, until a test asks for it.
// A test therefore never races with what it observes. Knows nothing of sockets.
import { within } from "./deadline.ts";

/** One thing that happened: an event's name and its arguments. */
export interface Entry {
  readonly name: string;
  readonly args: unknown[];
}

interface Waiter {
  readonly name: string;
  readonly resolve: (args: unknown[]) => void;
}

/** A queue of named entries; `take` waits for the next one of a name, whether it is past or future. */
export class Inbox {
  readonly #owner: string;
  readonly #entries: Entry[] = [];
  readonly #waiters: Waiter[] = [];

  constructor(owner: string) {
    this.#owner = owner;
  }

  /** Records one entry, or hands it to the first one waiting for its name. */
  push(name: string, ...args: unknown[]): void {
    const index = this.#waiters.findIndex((waiter) => waiter.name === name);
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter !== undefined) waiter.resolve(args);
    else this.#entries.push({ name, args });
  }

  /** Removes and returns the arguments of the oldest entry of that name, waiting if there is none yet. */
  take(name: string): Promise<unknown[]> {
    const index = this.#entries.findIndex((entry) => entry.name === name);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    if (entry !== undefined) return Promise.resolve(entry.args);
    let waiter: Waiter | undefined;
    const arrival = new Promise<unknown[]>((resolve) => {
      waiter = { name, resolve };
      this.#waiters.push(waiter);
    });
    return within(arrival, () => `"${name}" at ${this.#owner} (kept: ${this.#summary()})`).finally(
      () => {
        const at = waiter === undefined ? -1 : this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
      },
    );
  }

  /** Takes the next `count` entries of that name. */
  async takeMany(name: string, count: number): Promise<unknown[][]> {
    const taken: unknown[][] = [];
    while (taken.length < count) taken.push(await this.take(name));
    return taken;
  }

  /** The arguments of the entries of that name not yet taken; nothing is removed. */
  kept(name: string): unknown[][] {
    return this.#entries.filter((entry) => entry.name === name).map((entry) => entry.args);
  }

  /** The names of all entries not yet taken, in order. */
  names(): string[] {
    return this.#entries.map((entry) => entry.name);
  }

  #summary(): string {
    const names = this.names();
    return names.length > 12 ? `${names.length} entries` : names.join(", ") || "nothing";
  }
}
