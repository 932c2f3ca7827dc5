// The listeners of a small client. What one of them throws is rethrown outside of the library, and the others are called.

import type { EventKey, Listener } from "@sockeye/events";
import { guarded } from "../safe-emitter.ts";

/** A listener, and whether it is removed before its first call. */
type Kept = readonly [listener: Listener, isOnce: boolean | undefined];

/** Listeners by event. */
export interface Emitter {
  add(event: EventKey, listener: Listener, isOnce?: boolean): void;
  /** Removes a listener; without one, all of the event; without an event, all. */
  remove(event?: EventKey, listener?: Listener | Kept): void;
  /** Calls the listeners of an event. */
  raise(event: EventKey, ...args: unknown[]): void;
}

export function createEmitter(): Emitter {
  /** Without a prototype, because events may have any name. Lists are replaced: those being walked stay as they are. */
  let byEvent: Record<EventKey, readonly Kept[]> = Object.create(null);

  const listOf = (event: EventKey): readonly Kept[] => byEvent[event] ?? [];

  const remove = (event?: EventKey, listener?: Listener | Kept): void => {
    if (event === undefined) byEvent = Object.create(null);
    else {
      const isLeft = (kept: Kept): unknown => listener && kept !== listener && kept[0] !== listener;
      byEvent[event] = listOf(event).filter(isLeft);
    }
  };

  return {
    add(event, listener, isOnce) {
      byEvent[event] = [...listOf(event), [listener, isOnce]];
    },
    remove,
    raise(event, ...args) {
      for (const kept of listOf(event)) {
        const [listener, isOnce] = kept;
        if (isOnce) remove(event, kept);
        guarded(() => listener(...args));
      }
    },
  };
}
