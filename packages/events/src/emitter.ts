// Node's listener methods, for the objects of applications: server, namespace, socket, manager. The library itself adds
// no listeners. `emit` belongs to the subclasses, where it means sending.

import { checkListenerLimit, usualListenerLimit, warnOfMany } from "./listener-limit.ts";
import { type EventKey, type Listener, Listeners, type ListenMode } from "./listeners.ts";

/** Listener methods as Node's EventEmitter has them. Sub-classes raise events; users cannot. */
export abstract class Emitter {
  protected readonly listenersByEvent: Listeners;
  // Named as in Node, and only there once a limit was set: emitters are many.
  declare protected _maxListeners?: number;

  /** `listeners`: those of another emitter, to share them. Default: a new list. */
  constructor(listeners: Listeners = new Listeners()) {
    this.listenersByEvent = listeners;
  }

  on(event: EventKey, listener: Listener): this {
    return this.#add(event, listener);
  }

  // Not through `on`, as in Node: a package that replaces both counts each listener once.
  addListener(event: EventKey, listener: Listener): this {
    return this.#add(event, listener);
  }

  /** Through `on`, as in Node, where that was replaced. */
  once(event: EventKey, listener: Listener): this {
    if (this.on === ownOn) return this.#add(event, listener, { once: true });
    this.on(event, onceFunction(this, event, listener));
    return this;
  }

  prependListener(event: EventKey, listener: Listener): this {
    return this.#add(event, listener, { first: true });
  }

  prependOnceListener(event: EventKey, listener: Listener): this {
    return this.#add(event, listener, { first: true, once: true });
  }

  /** Removes one listener; without one, all listeners of the event; without an event, all. */
  off(event?: EventKey, listener?: Listener): this {
    if (event !== undefined && listener !== undefined)
      this.listenersByEvent.remove(event, listener);
    else this.listenersByEvent.clear(event);
    return this;
  }

  removeListener(event?: EventKey, listener?: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventKey): this {
    this.listenersByEvent.clear(event);
    return this;
  }

  listeners(event: EventKey): Listener[] {
    return this.listenersByEvent.list(event);
  }

  /** As `listeners`; those added by `once` are wrapped, and `listener` of the wrapper is the added function. */
  rawListeners(event: EventKey): Listener[] {
    return this.listenersByEvent.rawList(this, event);
  }

  hasListeners(event: EventKey): boolean {
    return this.listenersByEvent.count(event) > 0;
  }

  listenerCount(event: EventKey): number {
    return this.listenersByEvent.count(event);
  }

  /**
   * Sets how many listeners an event may have before a warning; 0 or `Infinity` for no limit.
   * @throws TypeError when `count` is no number
   * @throws RangeError when it is negative
   */
  setMaxListeners(count: number): this {
    checkListenerLimit(count);
    this._maxListeners = count;
    return this;
  }

  getMaxListeners(): number {
    return this._maxListeners ?? usualListenerLimit();
  }

  eventNames(): (string | symbol)[] {
    return this.listenersByEvent.names();
  }

  /**
   * A copy of the listeners by name, as Node's emitters keep them: packages call
   * `EventEmitter.prototype.emit.call(socket, …)`, which reads it.
   */
  get _events(): Record<string | symbol, Listener | Listener[]> {
    const events: Record<string | symbol, Listener | Listener[]> = Object.create(null);
    for (const name of this.eventNames()) {
      const [first, ...others] = this.rawListeners(name);
      if (first !== undefined) events[name] = others.length === 0 ? first : [first, ...others];
    }
    return events;
  }

  /** How many names have listeners, as Node's emitters have it. */
  get _eventsCount(): number {
    return this.eventNames().length;
  }

  #add(event: EventKey, listener: Listener, mode?: ListenMode): this {
    const count = this.listenersByEvent.add(event, listener, mode);
    if (count > 1) warnOfMany(this, event, count);
    return this;
  }
}

const { on: ownOn } = Emitter.prototype;

/** A listener that removes itself before its first call, by the methods of its emitter. */
function onceFunction(emitter: Emitter, event: EventKey, listener: Listener): Listener {
  if (typeof listener !== "function") return listener;
  let isSpent = false;
  const call: Listener = (...args) => {
    if (isSpent) return undefined;
    isSpent = true;
    emitter.removeListener(event, call);
    return Reflect.apply(listener, emitter, args) as undefined;
  };
  return Object.assign(call, { listener });
}
