// Catch-all listeners (`onAny`, `onAnyOutgoing`): an ordered list, copied when it changes.

import type { Listener } from "./listeners.ts";

/** Listeners that are called with every event of one direction. */
export class CatchAll {
  #list: readonly Listener[] = [];

  isEmpty(): boolean {
    return this.#list.length === 0;
  }

  append(listener: Listener): void {
    this.#list = [...this.#list, listener];
  }

  prepend(listener: Listener): void {
    this.#list = [listener, ...this.#list];
  }

  /** Removes one listener, or all when none is named. */
  remove(listener?: Listener): void {
    if (listener === undefined) {
      this.#list = [];
      return;
    }
    const at = this.#list.indexOf(listener);
    if (at !== -1) this.#list = this.#list.filter((_, index) => index !== at);
  }

  /** The current listeners; later changes do not alter the returned list. */
  list(): readonly Listener[] {
    return this.#list;
  }
}
