// The broadcasts of one namespace, and actions on many of its sockets: their order and outcome. Hot path: broadcast.

import type { AdapterContract, BroadcastOptions } from "@sockeye/adapter";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type { Services } from "../base/services.ts";

/** The part of a namespace that broadcasts use. */
export interface BroadcastHome {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  encode(packet: Packet): Encoded;
  /** Calls the adapter; an error is reported and not rethrown. */
  guard(method: string, call: (adapter: AdapterContract) => unknown): void;
  /** An adapter threw or rejected, and no caller receives the error. */
  onAdapterFailed(method: string, error: unknown): void;
}

/** A broadcast that may be deferred until the end of a walk. */
export interface Ordered {
  send(): void;
  /** Receives the error of a deferred `send`. */
  failed(error: unknown): void;
}

/** The adapter's methods that change many sockets. */
export type SelectionMethod = "addSockets" | "delSockets" | "disconnectSockets";

/** Called with the outcome of a broadcast on this server, or with its error. */
export type BroadcastDone = (error: Error | null, counts: BroadcastCounts) => void;

/** The broadcasts of a namespace. */
export class Broadcasts {
  readonly #home: BroadcastHome;

  constructor(home: BroadcastHome) {
    this.#home = home;
  }

  /**
   * Passes a packet to the adapter, now or after the current walk. `done` receives the outcome on this server, or the
   * error with which the adapter's promise was rejected; without `done` a rejection is reported.
   * @throws TypeError when its data cannot be serialised
   */
  broadcast(packet: Packet, options: BroadcastOptions, done: BroadcastDone | undefined): void {
    if (this.#home.services.walks.isGoingOn) this.#postpone(packet, options, done);
    else this.#broadcast(packet, options, done);
  }

  /**
   * Sends a broadcast, now or after the current walk. An error of an immediate `send` is thrown.
   * @throws TypeError when the data of the packet cannot be serialised
   */
  order(packet: Packet, { failed, send }: Ordered): void {
    const { walks } = this.#home.services;
    if (!walks.isGoingOn) {
      send();
      return;
    }
    // Encoded only to throw the error in the stack of the caller.
    this.#home.encode(packet);
    walks.after(() => {
      try {
        send();
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Calls the adapter within a walk: closings and broadcasts that the call causes are deferred until its end. */
  walk<T>(call: (adapter: AdapterContract) => T): T {
    const { walks } = this.#home.services;
    walks.begin();
    try {
      return call(this.#home.adapter);
    } finally {
      walks.end();
    }
  }

  /** Calls the adapter to change many sockets, now or after the current walk. */
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

/** Whether a value is a promise. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** A thrown value as an Error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
