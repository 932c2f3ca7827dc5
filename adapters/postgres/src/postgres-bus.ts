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
import type { Connections } from "./database.ts";
import type { Line, LineUser } from "./line.ts";
import type { PostgresOptions } from "./options.ts";
import { Outgoing, type Sent } from "./outgoing.ts";

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
  readonly #outgoing: Outgoing;
  #receiver: BusReceiver | null = null;
  #arrivals: Arrivals | null = null;
  /** `null` until the first connection. */
  #state: BusState | null = null;

  constructor(line: Line, settings: PostgresOptions) {
    this.#line = line;
    this.#settings = settings;
    this.channels = [settings.key, `${settings.key}#${this.nodeId}`];
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
    this.#outgoing = new Outgoing(this.nodeId, settings);
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
    await this.#outgoing.prepare(query, aside);
    const arrivals: Arrivals = new Arrivals(query, {
      node: this.nodeId,
      settings: this.#settings,
      deliver: (message) => {
        // What was fetched for a lost connection would be out of order.
        if (this.#arrivals === arrivals) this.#receiver?.onMessage(message);
      },
    });
    this.#arrivals = arrivals;
  }

  onNotification(text: string): void {
    this.#arrivals?.add(text);
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
