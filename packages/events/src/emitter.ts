// The emitter face of what users hold: server, namespace, socket, manager. Nothing inside the library listens.
// It has Node's listener methods; `emit` is left to the subclasses, where it means sending.

import { type EventKey, type Listener, Listeners } from "./listeners.ts";

/** Listener methods as Node's EventEmitter has them. Sub-classes raise events; users cannot. */
export abstract class Emitter {
  protected readonly listenersByEvent: Listeners;

  /** `listeners`: those of another emitter, for two faces of one thing. Default: none yet. */
  constructor(listeners: Listeners = new Listeners()) {
    this.listenersByEvent = listeners;
  }

  on(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener);
    return this;
  }

  addListener(event: EventKey, listener: Listener): this {
    return this.on(event, listener);
  }

  once(event: EventKey, listener: Listener): this {
    this.listenersByEvent.add(event, listener, { once: true });
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

  /** As `listeners`; those that are for once are wrapped, and have what was added as `listener`. */
  rawListeners(event: EventKey): Listener[] {
    return this.listenersByEvent.rawList(this, event);
  }

  hasListeners(event: EventKey): boolean {
    return this.listenersByEvent.count(event) > 0;
  }

  listenerCount(event: EventKey): number {
    return this.listenersByEvent.count(event);
  }

  /** There is no limit here, and no warning; kept so that applications that set one go on. */
  setMaxListeners(_count: number): this {
    return this;
  }

  getMaxListeners(): number {
    return Number.POSITIVE_INFINITY;
  }

  eventNames(): (string | symbol)[] {
    return this.listenersByEvent.names();
  }
}
