// A queue with waiting readers: items that arrive without a reader are kept.

/** Items in the order of arrival. */
export class Inbox<T> {
  readonly #kept: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#kept.push(item);
    else next(item);
  }

  /** Resolves with the next item, now or when it arrives. */
  next(): Promise<T> {
    if (this.#kept.length > 0) return Promise.resolve(this.#kept.shift() as T);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Items that have arrived and were not read. */
  get unread(): readonly T[] {
    return this.#kept;
  }
}
