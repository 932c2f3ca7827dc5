// The adapter of a namespace, and the calls of it whose errors have no other receiver: they are reported.

import type { AdapterContract } from "@sockeye/adapter";
import type { Milliseconds } from "@sockeye/portable";
import type { Services } from "../base/services.ts";
import { isPromise } from "./broadcasts.ts";

const SAME_WARNING_AFTER: Milliseconds = 10_000;

/** The adapter of one namespace. */
export class AdapterSlot {
  readonly #name: string;
  readonly #services: Services;
  #adapter: AdapterContract | null = null;
  /** The last warning about the adapter. */
  #warned = { text: "", at: 0 };

  /** `name`: that of the namespace. */
  constructor(name: string, services: Services) {
    this.#name = name;
    this.#services = services;
  }

  /** The adapter. @throws Error before `use` */
  get adapter(): AdapterContract {
    if (this.#adapter === null) throw new Error(`namespace "${this.#name}" has no adapter yet`);
    return this.#adapter;
  }

  /** Sets the adapter. The sockets join their rooms in it, then the former adapter is closed. */
  use(next: AdapterContract): void {
    const former = this.#adapter;
    this.#adapter = next;
    if (former === null) return;
    this.guard("init", () => next.init());
    for (const [id, rooms] of former.sids) {
      this.guard("addAll", () => next.addAll(id, new Set(rooms)));
    }
    this.guard("close", () => former.close());
  }

  /** Calls the adapter; an error is reported and not rethrown. */
  guard(
    method: string,
    call: (adapter: AdapterContract) => unknown,
    socket: object | null = null,
  ): void {
    try {
      const result = call(this.adapter);
      if (!isPromise(result)) return;
      result.then(undefined, (error) => this.onFailed(method, error, socket));
    } catch (error) {
      this.onFailed(method, error, socket);
    }
  }

  /** Ends the adapter; resolves when that is over, whether it has failed or not. */
  async close(): Promise<void> {
    try {
      await this.adapter.close();
    } catch (error) {
      this.onFailed("close", error);
    }
  }

  /** Whether the other servers are known, as far as the adapter knows any. */
  isReady(): boolean {
    try {
      return this.adapter.isReady !== false;
    } catch (error) {
      this.onFailed("isReady", error);
      return true;
    }
  }

  /** Whether sockets may come back; while the adapter cannot say, they may. */
  holdsSessions(): boolean {
    try {
      return this.adapter.holdsSessions?.() === true;
    } catch (error) {
      this.onFailed("holdsSessions", error);
      return true;
    }
  }

  /** An adapter threw, or rejected, where no caller waits for it. */
  onFailed(method: string, error: unknown, socket: object | null = null): void {
    if (this.report(method, error, socket)) return;
    const text = `the adapter of "${this.#name}" failed in ${method}(): ${String(error)}`;
    // A broker that is away fails every broadcast.
    const now = this.#services.clock.now();
    if (text === this.#warned.text && now - this.#warned.at < SAME_WARNING_AFTER) return;
    this.#warned = { text, at: now };
    this.#services.warn(text);
  }

  /** Reports a failure; returns whether the application's error handler was called. */
  report(method: string, error: unknown, socket: object | null): boolean {
    const { diagnostics, userCode } = this.#services;
    if (diagnostics.adapterFailed.active) {
      diagnostics.adapterFailed.publish({ nsp: this.#name, method, error });
    }
    return userCode.take(error, {
      target: null,
      socket,
      event: `adapter.${method}`,
      kind: "adapter",
    });
  }
}
