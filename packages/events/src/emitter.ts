// Node's listener methods, for the objects of applications: server, namespace, socket, manager. The library itself adds
// no listeners. `emit` belongs to the subclasses, where it means sending.

import { type EventKey, type Listener, Listeners } from "./listeners.ts";

/** Listener methods as Node's EventEmitter has them. Sub-classes raise events; users cannot. */
export abstract class Emitter {
  protected readonly listenersByEvent: Listeners;

  /** `listeners`: those of another emitter, to share them. Default: a new list. */
  constructor(listeners: Listeners = new Listeners()) {
    this.listenersByEvent = listeners;
  }

  on(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener);
    return this;
  }

  // Not through `on`, as in Node: a package that replaces both counts each listener once.
  addListener(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener);
    return this;
  }

  /** Through `on`, as in Node, where that was replaced. */
  once(event: EventKey, listener: Listener): this {
    if (this.on === ownOn) this.listenersByEvent.add(event, listener, { once: true });
    else this.on(event, onceFunction(this, event, listener));
    return this;
  }

  prependListener(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener, { first: true });
    return this;
  }

  prependOnceListener(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener, { first: true, once: true });
    return this;
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

  /** Does nothing: there is no limit and no warning. Exists for applications that set one. */
  setMaxListeners(_count: number): this {
    return this;
  }

  getMaxListeners(): number {
    return Number.POSITIVE_INFINITY;
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
