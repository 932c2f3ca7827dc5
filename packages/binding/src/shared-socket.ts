// One connection for all components of an application: made for the first that is mounted, closed after the last. Knows no
// framework. Nothing happens while rendering: only mounting calls `retain`, so that a server that renders never connects.

import type { UntypedListener } from "@sockeye/events";
import type { AnySocket, Listening } from "./any-socket.ts";
import { IDLE, type SocketStatus, watchStatus } from "./status.ts";

/**
 * A socket that components share.
 * @example
 * const shared = new SharedSocket(() => io("https://example.com"));
 * const release = shared.retain();
 */
export class SharedSocket {
  readonly #create: () => AnySocket;
  readonly #listeners: Set<() => void> = new Set();
  #socket: AnySocket | undefined;
  #status: SocketStatus = IDLE;
  #holders = 0;
  #unwatch = (): void => {};

  /** @param create makes the socket, or gives one that exists; called when the first component has been mounted */
  constructor(create: () => AnySocket) {
    this.#create = create;
  }

  /** The socket, while at least one component is mounted. */
  get socket(): AnySocket | undefined {
    return this.#socket;
  }

  /** Where the connection stands; the same object until it changes. */
  get status(): SocketStatus {
    return this.#status;
  }

  /**
   * Connects, unless another component has. The connection ends when all have released it: in a microtask, because frameworks
   * take down and mount again in one turn (React's StrictMode, hot replacement), and that shall be one connection.
   * @returns a function that releases it; further calls do nothing
   * @example onMounted(() => { release = shared.retain(); });
   */
  retain(): () => void {
    this.#holders += 1;
    if (this.#socket === undefined) this.#open();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      queueMicrotask(() => this.#closeUnlessHeld());
    };
  }

  /**
   * Calls `listener` when the socket or the status is another one.
   * @returns a function that ends it
   * @example const stop = shared.subscribe(() => render(shared.status));
   */
  subscribe(listener: () => void): () => void {
    // In a function of its own, so that one listener given twice is two.
    const call = (): void => listener();
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  /**
   * Listens to an event of the socket, also of the next one when a connection follows another.
   * @returns a function that ends it, and leaves no listener behind
   * @example const stop = shared.listen("said", (text) => add(text));
   */
  listen(event: string, listener: UntypedListener): () => void {
    const call: UntypedListener = (...args) => listener(...args);
    const current = (): Listening | undefined => this.#socket as Listening | undefined;
    let socket = current();
    socket?.on(event, call);
    const unsubscribe = this.subscribe(() => {
      if (socket === current()) return;
      socket?.off(event, call);
      socket = current();
      socket?.on(event, call);
    });
    return () => {
      unsubscribe();
      socket?.off(event, call);
    };
  }

  #open(): void {
    const socket = this.#create();
    this.#socket = socket;
    // One that was made without `autoConnect`, or was disconnected when it was last used.
    if (!socket.active) socket.connect();
    this.#unwatch = watchStatus(socket, (status) => {
      this.#status = status;
      this.#notify();
    });
  }

  #closeUnlessHeld(): void {
    const socket = this.#socket;
    if (this.#holders > 0 || socket === undefined) return;
    this.#unwatch();
    this.#socket = undefined;
    this.#status = IDLE;
    // First the listeners: they leave the socket, and hear nothing of its end.
    this.#notify();
    socket.disconnect();
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
