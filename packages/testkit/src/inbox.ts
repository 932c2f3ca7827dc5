// A queue that can be waited on: what arrives before anybody asks is kept. Knows nothing of what it holds.

/** Things in the order in which they came. */
export class Inbox<T> {
  readonly #kept: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#kept.push(item);
    else next(item);
  }

  /** The next one, now or when it comes. */
  next(): Promise<T> {
    if (this.#kept.length > 0) return Promise.resolve(this.#kept.shift() as T);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** What has come and was not asked for yet. */
  get unread(): readonly T[] {
    return this.#kept;
  }
}
