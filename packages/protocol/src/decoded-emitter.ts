// The listener methods that a decoder in Socket.IO's form has: one event, `decoded`.
// Small, because this package depends on nothing.

type Heard<T> = (value: T) => void;

/** Raises `decoded`; any other event may be listened to, and is never raised but by its own `emit`. */
export class DecodedEmitter<T> {
  #listeners: { readonly event: string; readonly listener: Heard<T>; readonly once: boolean }[] =
    [];

  on(event: string, listener: Heard<T>): this {
    this.#listeners = [...this.#listeners, { event, listener, once: false }];
    return this;
  }

  once(event: string, listener: Heard<T>): this {
    this.#listeners = [...this.#listeners, { event, listener, once: true }];
    return this;
  }

  addEventListener(event: string, listener: Heard<T>): this {
    return this.on(event, listener);
  }

  /** Removes one listener; without one, all of the event; without an event, all. */
  off(event?: string, listener?: Heard<T>): this {
    const isMeant = (each: { event: string; listener: Heard<T> }): boolean =>
      (event === undefined || each.event === event) &&
      (listener === undefined || each.listener === listener);
    if (listener === undefined) this.#listeners = this.#listeners.filter((each) => !isMeant(each));
    else {
      const at = this.#listeners.findIndex(isMeant);
      this.#listeners = this.#listeners.filter((_, index) => index !== at);
    }
    return this;
  }

  removeListener(event?: string, listener?: Heard<T>): this {
    return this.off(event, listener);
  }

  removeEventListener(event?: string, listener?: Heard<T>): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: string): this {
    return this.off(event);
  }

  listeners(event: string): Heard<T>[] {
    return this.#listeners.filter((each) => each.event === event).map(({ listener }) => listener);
  }

  hasListeners(event: string): boolean {
    return this.listeners(event).length > 0;
  }

  emit(event: string, ...args: T[]): this {
    for (const each of this.#listeners) {
      if (each.event !== event) continue;
      if (each.once) this.#listeners = this.#listeners.filter((other) => other !== each);
      Reflect.apply(each.listener, this, args);
    }
    return this;
  }

  /** Raises `decoded`. */
  protected raiseDecoded(value: T): void {
    this.emit("decoded", value);
  }
}
