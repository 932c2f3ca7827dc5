// A bus over LISTEN and NOTIFY. One connection listens, another sends, one statement at a time: PostgreSQL notifies in the
// order of commits, so that the order of a node is kept. What is too long for a notification goes through a table.

import { randomUUID } from "node:crypto";
import {
  type Bus,
  type BusPublish,
  type BusReceiver,
  type BusState,
  clusterError,
} from "@sockeye/adapter/cluster";
import { Arrivals } from "./arrivals.ts";
import type { PostgresConnection, PostgresPool } from "./clients.ts";
import type { PostgresOptions } from "./options.ts";
import { Outgoing } from "./outgoing.ts";

/** Time between two attempts to connect, in milliseconds. */
const RETRY_AFTER = 200;
// A `bytea` is at most 1 GB, and its text form, which travels, twice as long.
const MAX_PAYLOAD = 256 * 1024 * 1024;

interface Connections {
  readonly listening: PostgresConnection;
  readonly sending: PostgresConnection;
  /** Ends both, once. */
  readonly drop: () => void;
}

/** A bus over a pool. */
export class PostgresBus implements Bus {
  readonly nodeId: string = randomUUID();
  readonly maxPayload: number;
  readonly reorderWindow = 0;
  readonly #pool: PostgresPool;
  readonly #settings: PostgresOptions;
  readonly #outgoing: Outgoing;
  #receiver: BusReceiver | null = null;
  #connections: Connections | null = null;
  /** `null` until the first connection. */
  #state: BusState | null = null;
  #connecting: Promise<void> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(pool: PostgresPool, settings: PostgresOptions) {
    this.#pool = pool;
    this.#settings = settings;
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
    this.#outgoing = new Outgoing(this.nodeId, settings);
  }

  async open(receiver: BusReceiver): Promise<void> {
    this.#receiver = receiver;
    await this.#connect();
  }

  publish(message: Uint8Array, how?: BusPublish): Promise<void> {
    const isEchoed = how?.isEchoed === true;
    return this.#send({ channel: this.#settings.key, message, isEchoed });
  }

  send(node: string, message: Uint8Array): Promise<void> {
    const channel = `${this.#settings.key}#${node}`;
    // The longest name of a channel is 63 bytes; no node has a longer one.
    if (Buffer.byteLength(channel) > 63) return Promise.resolve();
    return this.#send({ channel, message, isEchoed: true });
  }

  async heal(): Promise<void> {
    const connections = this.#connections;
    if (connections !== null) this.#lose(connections);
    await this.#reconnect();
  }

  async close(): Promise<void> {
    this.#receiver = null;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    const connections = this.#connections;
    this.#connections = null;
    this.#outgoing.stop();
    if (connections === null) return;
    await connections.listening.query("UNLISTEN *").catch(() => {});
    connections.drop();
  }

  async #send(one: {
    readonly channel: string;
    readonly message: Uint8Array;
    readonly isEchoed: boolean;
  }): Promise<void> {
    if (this.#receiver === null) throw clusterError("ERR_CLUSTER_CLOSED");
    if (one.message.byteLength > this.maxPayload)
      throw clusterError("ERR_CLUSTER_PAYLOAD", one.message.byteLength, this.maxPayload);
    if (this.#state === "down") throw clusterError("ERR_BUS_DOWN");
    await this.#outgoing.add(one);
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#connectOnce().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connectOnce(): Promise<void> {
    if (this.#connections !== null) return;
    const connections = await this.#borrow();
    try {
      const arrivals = new Arrivals(connections.sending, {
        node: this.nodeId,
        settings: this.#settings,
        deliver: (message) => {
          // What a lost connection still brings would be out of order.
          if (this.#connections === connections) this.#receiver?.onMessage(message);
        },
      });
      connections.listening.on("notification", ({ payload }) => {
        if (this.#connections === connections) arrivals.add(payload ?? "");
      });
      await this.#outgoing.prepare(connections.sending);
      // Before LISTEN: its first notification may come with the answer.
      this.#connections = connections;
      const { key } = this.#settings;
      await connections.listening.query(`LISTEN "${key}"; LISTEN "${key}#${this.nodeId}"`);
    } catch (error) {
      if (this.#connections === connections) this.#connections = null;
      connections.drop();
      throw error;
    }
    if (this.#receiver === null || this.#connections !== connections) {
      connections.drop();
      throw clusterError("ERR_BUS_DOWN");
    }
    this.#outgoing.start(connections.sending);
    if (this.#state === null) this.#state = "up";
    else this.#setState("up");
  }

  async #borrow(): Promise<Connections> {
    let connections: Connections | null = null;
    const lose = (): void => {
      if (connections !== null) this.#lose(connections);
    };
    const watch = (connection: PostgresConnection): PostgresConnection => {
      // An error without a listener ends the process.
      connection.on("error", lose);
      connection.on("end", lose);
      return connection;
    };
    const listening = watch(await this.#pool.connect());
    try {
      const sending = watch(await this.#pool.connect());
      let isDropped = false;
      const drop = (): void => {
        if (isDropped) return;
        isDropped = true;
        // Not for others: it has our listeners and subscriptions.
        for (const each of [listening, sending]) each.release(true);
      };
      connections = { listening, sending, drop };
      return connections;
    } catch (error) {
      listening.release(true);
      throw error;
    }
  }

  #lose(connections: Connections): void {
    if (this.#connections !== connections) return;
    this.#connections = null;
    this.#outgoing.stop();
    connections.drop();
    this.#setState("down");
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#receiver === null) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#reconnect(), RETRY_AFTER);
  }

  async #reconnect(): Promise<void> {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    try {
      await this.#connect();
    } catch {
      this.#retryLater();
    }
  }

  #setState(state: BusState): void {
    if (this.#receiver === null || state === this.#state) return;
    this.#state = state;
    this.#receiver.onState(state);
  }
}
