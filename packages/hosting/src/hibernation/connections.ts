// Keeps the connections of a server in the storage of its process, which may lose its memory at any time: each after what its
// client has sent, and all of them once nothing happens any more. Sets them up again when the process wakes up.

import type { SavedPeer } from "@sockeye/core";
import type { Connection, SavedConnection } from "@sockeye/engine";
import type { Gateway } from "@sockeye/server";
import type { HibernationClock } from "./clock.ts";
import type { HibernationStore } from "./store.ts";

/** Milliseconds without an event after which everything is saved. */
const QUIET = 1000;
/** For how many such times a process stays in memory for what cannot be saved: a callback that waits, a join. */
const MOST_WAITS = 60;

/** What a connection is kept over: its transports, which this does not know. */
export interface ConnectionsHost {
  readonly gateway: Gateway;
  readonly store: HibernationStore;
  readonly clock: HibernationClock;
  surface(error: unknown): void;
}

/** What of a connection has to be stored: all but times that go by. */
function essence({ at: _, heartbeat, ...rest }: SavedConnection): string {
  const handler = rest.handler as SavedPeer | null;
  const isJoining = handler !== null && handler.joinWithin !== null;
  return JSON.stringify([
    { ...rest, handler: { ...handler, at: 0, joinWithin: isJoining } },
    heartbeat.beat,
  ]);
}

/** The connections of one process. */
export class KeptConnections {
  readonly #host: ConnectionsHost;
  /** What is stored, by session id. */
  readonly #stored = new Map<string, string>();
  readonly #touched = new Set<string>();
  #lastEventAt = 0;
  #isWatching = false;
  #waits = 0;

  constructor(host: ConnectionsHost) {
    this.#host = host;
  }

  /** Something happened, to whatever connection. */
  stir(): void {
    this.#lastEventAt = Date.now();
    this.#waits = 0;
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#watch(QUIET);
  }

  /** A client has sent something: its connection is saved when the application has seen it. */
  touch(id: string): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#saveTouched());
    this.#touched.add(id);
  }

  /** Sets up the stored connections again; `revive` does it, or throws. */
  wake(revive: (saved: SavedConnection) => void): void {
    const { store, surface } = this.#host;
    for (const [id, text] of store.connections()) {
      try {
        const saved = JSON.parse(text) as SavedConnection;
        this.#stored.set(id, essence(saved));
        revive(saved);
      } catch (error) {
        surface(error);
        this.#stored.delete(id);
        store.forgetConnection(id);
      }
    }
    this.stir();
  }

  #saveTouched(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const id of touched) this.#save(id);
  }

  #watch(delay: number): void {
    setTimeout(() => {
      const quiet = Date.now() - this.#lastEventAt;
      if (quiet < QUIET) this.#watch(QUIET - quiet);
      else this.#settle();
    }, delay);
  }

  /** Nothing happens: the process may lose its memory soon. */
  #settle(): void {
    const { clock, gateway } = this.#host;
    let isWaiting = false;
    for (const id of new Set([...this.#stored.keys(), ...gateway.sessions])) {
      if (!this.#save(id)) isWaiting = true;
    }
    clock.setAlarm();
    this.#isWatching = isWaiting && this.#waits < MOST_WAITS;
    this.#waits++;
    if (this.#isWatching) this.#watch(QUIET);
  }

  /** Returns whether the connection may be lost now. */
  #save(id: string): boolean {
    const connection = this.#host.gateway.connection(id);
    if (connection === undefined) {
      this.#forget(id);
      return true;
    }
    try {
      return this.#store(connection);
    } catch (error) {
      // Data of the application that is no JSON, or too large.
      this.#host.surface(error);
      return true;
    }
  }

  #store(connection: Connection): boolean {
    const saved = connection.save();
    if (saved.kind === "busy") return false;
    const text = essence(saved.data);
    if (this.#stored.get(connection.id) !== text) {
      this.#host.store.saveConnection(connection.id, JSON.stringify(saved.data));
      this.#stored.set(connection.id, text);
    }
    return connection.isIdle;
  }

  #forget(id: string): void {
    if (this.#stored.delete(id)) this.#host.store.forgetConnection(id);
  }
}
