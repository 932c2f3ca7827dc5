// What is sent to, or done to, many sockets of one namespace: in which order, and what becomes of it. Hot path: broadcast.

import type { AdapterContract, BroadcastOptions } from "@sockeye/adapter";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type { Services } from "../base/services.ts";

/** What broadcasts need of their namespace. */
export interface BroadcastHome {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  encode(packet: Packet): Encoded;
  /** Calls the adapter where a failure must not stop the caller: it is reported instead. */
  guard(method: string, call: (adapter: AdapterContract) => unknown): void;
  /** An adapter threw, or rejected, where no caller waits for it. */
  onAdapterFailed(method: string, error: unknown): void;
}

/** A packet to many that may have to wait for the end of a walk. */
export interface Ordered {
  send(): void;
  /** Given what `send` throws when it is called later. */
  failed(error: unknown): void;
}

/** What can be done to many sockets. */
export type SelectionMethod = "addSockets" | "delSockets" | "disconnectSockets";

/** Told what became of a broadcast on this server, or that it failed. */
export type BroadcastDone = (error: Error | null, counts: BroadcastCounts) => void;

/** The broadcasts of a namespace. */
export class Broadcasts {
  readonly #home: BroadcastHome;

  constructor(home: BroadcastHome) {
    this.#home = home;
  }

  /**
   * Hands a packet to the adapter, now or after the walk that is going on. `done` is told what became of it on this
   * server, or that the adapter's promise was rejected; without it a rejection is reported.
   * @throws TypeError when its data cannot be serialised
   */
  broadcast(packet: Packet, options: BroadcastOptions, done: BroadcastDone | undefined): void {
    if (this.#home.services.walks.isGoingOn) this.#postpone(packet, options, done);
    else this.#broadcast(packet, options, done);
  }

  /**
   * Sends a packet to many, now or after the walk that is going on. What `send` throws at once is thrown.
   * @throws TypeError when the data of the packet cannot be serialised
   */
  order(packet: Packet, { failed, send }: Ordered): void {
    const { walks } = this.#home.services;
    if (!walks.isGoingOn) {
      send();
      return;
    }
    // Encoded for nothing but the error, of which the caller must hear.
    this.#home.encode(packet);
    walks.after(() => {
      try {
        send();
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Calls the adapter within a walk: what the call makes sockets do happens after it. */
  walk<T>(call: (adapter: AdapterContract) => T): T {
    const { walks } = this.#home.services;
    walks.begin();
    try {
      return call(this.#home.adapter);
    } finally {
      walks.end();
    }
  }

  /** Does something to many sockets, now or after the walk that is going on. */
  select(method: SelectionMethod, call: (adapter: AdapterContract) => unknown): void {
    const { adapter, services } = this.#home;
    if (services.walks.isGoingOn) {
      services.walks.after(() => this.#home.guard(method, call));
      return;
    }
    const result = call(adapter);
    if (!isPromise(result)) return;
    result.then(undefined, (error: unknown) => this.#home.onAdapterFailed(method, error));
  }

  #postpone(packet: Packet, options: BroadcastOptions, done: BroadcastDone | undefined): void {
    const failed = (error: unknown): void => {
      if (done === undefined) this.#home.onAdapterFailed("broadcast", error);
      else done(asError(error), noCounts());
    };
    this.order(packet, { send: () => this.#broadcast(packet, options, done), failed });
  }

  #broadcast(packet: Packet, options: BroadcastOptions, done: BroadcastDone | undefined): void {
    const { diagnostics, walks } = this.#home.services;
    const isCounted = done !== undefined || diagnostics.broadcastSent.active;
    const counts = isCounted ? noCounts() : null;
    const outer = walks.counts;
    let outcome: unknown;
    walks.counts = counts;
    walks.begin();
    try {
      outcome = this.#home.adapter.broadcast(packet, options);
    } finally {
      walks.counts = outer;
      walks.end();
    }
    if (counts !== null && diagnostics.broadcastSent.active) {
      const { rooms } = options;
      const { name: nsp } = this.#home;
      diagnostics.broadcastSent.publish({ nsp, packet, rooms, outcome: counts });
    }
    if (isPromise(outcome)) this.#await(outcome, counts ?? noCounts(), done);
    else if (counts !== null) done?.(null, counts);
  }

  #await(
    outcome: PromiseLike<unknown>,
    counts: BroadcastCounts,
    done: BroadcastDone | undefined,
  ): void {
    outcome.then(
      () => done?.(null, counts),
      (error: unknown) => {
        if (done === undefined) this.#home.onAdapterFailed("broadcast", error);
        else done(asError(error), counts);
      },
    );
  }
}

/** The outcome of a broadcast without receivers. */
function noCounts(): BroadcastCounts {
  return { sent: 0, queued: 0, dropped: 0, closed: 0 };
}

/** Whether something is to be awaited. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** What was thrown, as an error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
