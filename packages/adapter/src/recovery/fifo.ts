// A first-in, first-out list over one array. Removing from the front is O(1) on average.

// The empty front of the array may grow to this length before it is cut off.
const SLACK = 1024;

/** Items in the order in which they were added. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  /** Index of the first item. */
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The item at a position, counted from the front. */
  at(position: number): T | undefined {
    return this.#items[this.#head + position];
  }

  /** Removes and returns the first item. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#compact();
    return item;
  }

  /** Removes the items for which `keeps` returns `false`. Linear. */
  filter(keeps: (item: T) => boolean): void {
    this.#items = this.#items.slice(this.#head).filter((item) => keeps(item as T));
    this.#head = 0;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  // Each cut moves at most as many items as were removed since the last one.
  #compact(): void {
    if (this.#head <= SLACK && this.size > 0) return;
    if (this.#head * 2 < this.#items.length) return;
    this.#items.splice(0, this.#head);
    this.#head = 0;
  }
}
