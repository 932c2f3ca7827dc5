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
import type { Connections, Query } from "./database.ts";
import type { Line, LineUser } from "./line.ts";
import { readNotification } from "./notification.ts";
import { Notifier, type Sent } from "./notifier.ts";
import type { PostgresOptions } from "./options.ts";
import { Outgoing } from "./outgoing.ts";

// A `bytea` is at most 1 GB, and its text form, which travels, twice as long.
const MAX_PAYLOAD = 256 * 1024 * 1024;

/** A bus over the connections of a server. */
export class PostgresBus implements Bus, LineUser {
  readonly nodeId: string = randomUUID();
  readonly maxPayload: number;
  readonly reorderWindow = 0;
  readonly channels: readonly string[];
  readonly #line: Line;
  readonly #settings: PostgresOptions;
  readonly #notifier: Notifier;
  readonly #outgoing: Outgoing<Sent>;
  #receiver: BusReceiver | null = null;
  #arrivals: Arrivals<Uint8Array> | null = null;
  #fetch: Query | null = null;
  /** `null` until the first connection. */
  #state: BusState | null = null;

  constructor(line: Line, settings: PostgresOptions) {
    this.#line = line;
    this.#settings = settings;
    this.channels = [settings.key, `${settings.key}#${this.nodeId}`];
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
    this.#notifier = new Notifier(this.nodeId, settings);
    this.#outgoing = new Outgoing(this.#notifier, settings.maxPendingBytes);
  }

  async open(receiver: BusReceiver): Promise<void> {
    this.#receiver = receiver;
    await this.#line.join(this);
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

  heal(): Promise<void> {
    return this.#line.heal();
  }

  close(): void {
    this.#receiver = null;
    this.#arrivals = null;
    this.#line.leave(this);
    this.#outgoing.stop();
  }

  async #send(one: Sent): Promise<void> {
    if (this.#receiver === null) throw clusterError("ERR_CLUSTER_CLOSED");
    if (one.message.byteLength > this.maxPayload)
      throw clusterError("ERR_CLUSTER_PAYLOAD", one.message.byteLength, this.maxPayload);
    if (this.#state === "down") throw clusterError("ERR_BUS_DOWN");
    await this.#outgoing.add(one);
  }

  async prepare({ aside, query }: Connections): Promise<void> {
    await this.#notifier.prepare(query, aside);
    const arrivals: Arrivals<Uint8Array> = new Arrivals(
      this.#settings.maxPendingBytes,
      (message) => {
        // What was fetched for a lost connection would be out of order.
        if (this.#arrivals === arrivals) this.#receiver?.onMessage(message);
      },
    );
    this.#arrivals = arrivals;
    this.#fetch = query;
  }

  onNotification(text: string): void {
    const read = readNotification(text);
    if (read === null || (read.node === this.nodeId && !read.isEchoed)) return;
    const { message, node, number } = read;
    const fetch = async (): Promise<Uint8Array | null> => {
      const select = `SELECT payload FROM "${this.#settings.tableName}" WHERE id = $1`;
      const [row] = (await this.#fetch?.(select, [`${node}:${number}`])) ?? [];
      return (row?.payload as Uint8Array | undefined) ?? null;
    };
    this.#arrivals?.add({ bytes: message?.byteLength ?? 0, message, fetch });
  }

  onUp({ query }: Connections): void {
    this.#outgoing.start(query);
    if (this.#state === null) this.#state = "up";
    else this.#setState("up");
  }

  onDown(): void {
    this.#arrivals = null;
    this.#outgoing.stop();
    this.#setState("down");
  }

  #setState(state: BusState): void {
    if (this.#receiver === null || state === this.#state) return;
    this.#state = state;
    this.#receiver.onState(state);
  }
}
