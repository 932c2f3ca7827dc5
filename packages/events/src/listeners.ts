// Ordered listeners by event name. Lists are copied when they change, so that adding or removing
// while an event is being raised affects the next raising only. Nothing is allocated until the first listener.

import { SmallMap } from "./small-map.ts";

/** A listener of any event. Arguments are checked by the typed faces, not here. */
// biome-ignore lint/suspicious/noExplicitAny: a listener may declare any parameters; `unknown` would refuse them all.
export type Listener = (...args: any[]) => void;

/** The name of an event. Clients may send numbers. */
export type EventKey = string | symbol | number;

/** A listener that is removed before it is called. */
class Once {
  readonly listener: Listener;
  readonly event: EventKey;
  readonly owner: Listeners;
  /** Called already: an event raised from within its own raising must not call it again. */
  isSpent = false;

  constructor(listener: Listener, event: EventKey, owner: Listeners) {
    this.listener = listener;
    this.event = event;
    this.owner = owner;
  }
}

/** A stored listener. */
export type Entry = Listener | Once;

/** The application's function: a wrapper names it by `listener`, as in Node. */
function listenerOf(entry: Entry): Listener {
  return (entry as { readonly listener?: Listener }).listener ?? (entry as Listener);
}

/** The listeners of one event; a single listener, the usual case, is stored without a list. */
export type Entries = Entry | readonly Entry[];

const NONE: readonly Entry[] = [];

/** Whether there are several listeners. */
export function isList(entries: Entries): entries is readonly Entry[] {
  return Array.isArray(entries);
}

/** Calls one entry of a snapshot and returns what it returned. */
export function callEntry(entry: Entry, target: object, args: readonly unknown[]): unknown {
  if (typeof entry === "function") return Reflect.apply(entry, target, args) as unknown;
  if (entry.isSpent) return undefined;
  entry.isSpent = true;
  entry.owner.forget(entry);
  return Reflect.apply(entry.listener, target, args) as unknown;
}

function asList(entries: Entries | undefined): readonly Entry[] {
  if (entries === undefined) return NONE;
  return isList(entries) ? entries : [entries];
}

/** How a listener is added: its position, and whether it is called once. */
export interface ListenMode {
  readonly once?: boolean;
  readonly first?: boolean;
}

// Numbers and numeric strings are the same name, as in Node's emitter.
function keyOf(event: EventKey): string | symbol {
  return typeof event === "number" ? String(event) : event;
}

/** The listeners of one emitter. */
export class Listeners {
  #byEvent: SmallMap<string | symbol, Entries> | null = null;

  /**
   * Returns how many listeners the event has now.
   * @throws TypeError when `listener` is not a function
   */
  add(event: EventKey, listener: Listener, mode: ListenMode = {}): number {
    if (typeof listener !== "function") {
      throw new TypeError(
        `The "listener" argument must be of type function. Received ${typeof listener}`,
      );
    }
    this.#byEvent ??= new SmallMap();
    const key = keyOf(event);
    const entry = mode.once ? new Once(listener, event, this) : listener;
    const entries = asList(this.#byEvent.get(key));
    if (entries.length === 0) this.#byEvent.set(key, entry);
    else this.#byEvent.set(key, mode.first ? [entry, ...entries] : [...entries, entry]);
    return entries.length + 1;
  }

  /** Removes the most recently added instance of `listener`, if any. */
  remove(event: EventKey, listener: Listener): void {
    const entries = this.#entries(event);
    for (let at = entries.length - 1; at >= 0; at--) {
      const entry = entries[at] as Entry;
      if (entry === listener || listenerOf(entry) === listener) {
        this.#replace(
          event,
          entries.filter((_, index) => index !== at),
        );
        return;
      }
    }
  }

  /** Removes all listeners of `event`, or all listeners. */
  clear(event?: EventKey): void {
    if (event === undefined) this.#byEvent = null;
    else this.#byEvent?.delete(keyOf(event));
  }

  /** Whether there is no listener at all; also `false` where there was one before. */
  get isEmpty(): boolean {
    return this.#byEvent === null;
  }

  count(event: EventKey): number {
    return this.#entries(event).length;
  }

  list(event: EventKey): Listener[] {
    return this.#entries(event).map(listenerOf);
  }

  /** As `list`; a `once` entry is wrapped in a function that calls it on `target`, with the listener as `listener`. */
  rawList(target: object, event: EventKey): Listener[] {
    return this.#entries(event).map((entry) => {
      if (typeof entry === "function") return entry;
      const call: Listener = (...args) => callEntry(entry, target, args);
      return Object.assign(call, { listener: entry.listener });
    });
  }

  names(): (string | symbol)[] {
    return this.#byEvent === null ? [] : this.#byEvent.keys();
  }

  /** Copies every listener of `other`, in order. */
  copyFrom(other: Listeners): void {
    for (const name of other.names()) {
      for (const entry of other.#entries(name)) {
        const isOnce = typeof entry !== "function";
        this.add(name, isOnce ? entry.listener : entry, { once: isOnce });
      }
    }
  }

  /** Calls the listeners of `event` in order; returns whether there were any. Exceptions pass through. */
  raise(target: object, event: EventKey, args: readonly unknown[]): boolean {
    const entries = this.snapshot(event);
    if (entries === undefined) return false;
    for (const entry of asList(entries)) callEntry(entry, target, args);
    return true;
  }

  /** A snapshot of the listeners, for callers that isolate each with `callEntry`; undefined when there are none. */
  snapshot(event: EventKey): Entries | undefined {
    return this.#byEvent?.get(keyOf(event));
  }

  /** The same as a list. */
  entries(event: EventKey): readonly Entry[] {
    return this.#entries(event);
  }

  /** Removes a listener that has been called. */
  forget(entry: Once): void {
    const entries = this.#entries(entry.event);
    const rest = entries.filter((each) => each !== entry);
    if (rest.length < entries.length) this.#replace(entry.event, rest);
  }

  #entries(event: EventKey): readonly Entry[] {
    return asList(this.snapshot(event));
  }

  #replace(event: EventKey, entries: readonly Entry[]): void {
    const [only] = entries;
    if (only === undefined) this.#byEvent?.delete(keyOf(event));
    else this.#byEvent?.set(keyOf(event), entries.length > 1 ? entries : only);
  }
}
