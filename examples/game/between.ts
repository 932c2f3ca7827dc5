// What is drawn between two states: a page shows the game a moment late, so that fish glide although states come in steps.

import { type Fish, type State, TICK_MS } from "./events.ts";

/** How late, in milliseconds: two states, so that one that is late is not missed. */
const LATE_MS = 2 * TICK_MS;

const mixed = (from: number, to: number, part: number): number => from + (to - from) * part;

export class Moments {
  #states: { readonly at: number; readonly state: State }[] = [];

  /** @param at when it came, as `performance.now()` gives it */
  add(state: State, at: number): void {
    if (state.tick <= (this.#states.at(-1)?.state.tick ?? 0)) return;
    this.#states = [...this.#states.slice(-4), { at, state }];
  }

  /** Forgets what was: after a new connection ticks may begin anew. */
  clear(): void {
    this.#states = [];
  }

  /** The game as it is to be drawn at a time. */
  at(now: number): State | undefined {
    const shown = now - LATE_MS;
    const next = this.#states.findIndex(({ at }) => at > shown);
    const [from, to] = [this.#states[next - 1], this.#states[next]];
    if (from === undefined || to === undefined) return this.#states.at(-1)?.state;
    const part = (shown - from.at) / (to.at - from.at);
    const fish = to.state.fish.map((each) => {
      const before = from.state.fish.find(({ id }) => id === each.id) ?? each;
      return movedFish(before, each, part);
    });
    const food = to.state.food.map((each) => {
      const before = from.state.food.find(({ id }) => id === each.id) ?? each;
      return { ...each, x: mixed(before.x, each.x, part), y: mixed(before.y, each.y, part) };
    });
    return { ...to.state, fish, food };
  }
}

function movedFish(from: Fish, to: Fish, part: number): Fish {
  return { ...to, x: mixed(from.x, to.x, part), y: mixed(from.y, to.y, part) };
}
