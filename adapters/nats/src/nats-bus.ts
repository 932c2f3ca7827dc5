// A bus over NATS core. One subject carries what is for all nodes, one for each node what is for it alone. NATS keeps the
// order of a connection, forgets what cannot be delivered, and delivers a node's own messages to it as well.

import { randomUUID } from "node:crypto";
import { type Bus, type BusReceiver, type BusState, clusterError } from "@sockeye/adapter/cluster";
import {
  type NatsClient,
  type NatsMessage,
  type NatsSubscription,
  payloadLimit,
  watchConnection,
} from "./client.ts";
import type { NatsOptions } from "./options.ts";

/** A bus over one connection, which several buses may share. */
export class NatsBus implements Bus {
  readonly nodeId: string = randomUUID();
  readonly reorderWindow = 0;
  readonly #client: NatsClient;
  readonly #options: NatsOptions;
  readonly #subjects: readonly string[];
  #receiver: BusReceiver | null = null;
  #subscriptions: readonly NatsSubscription[] = [];
  #stop: (() => void) | null = null;
  #state: BusState | null = null;
  #serverLimit: number | undefined;
  /** Bytes that the server has not confirmed. */
  #pendingBytes = 0;
  #isConfirming = false;
  #isHealing = false;
  /** Counts the attempts to be up: only the last one may end so. */
  #attempt = 0;
  /** Why the server has refused a subscription. */
  #refusal: Error | null = null;
  #onReconnect: (() => void)[] = [];

  constructor(client: NatsClient, options: NatsOptions) {
    this.#client = client;
    this.#options = options;
    this.#subjects = [`${options.key}.all`, `${options.key}.node.${this.nodeId}`];
  }

  get maxPayload(): number {
    this.#serverLimit = payloadLimit(this.#client, this.#serverLimit);
    return Math.min(this.#serverLimit, this.#options.maxPendingBytes);
  }

  async open(receiver: BusReceiver): Promise<void> {
    this.#receiver = receiver;
    this.#stop ??= watchConnection(this.#client, {
      onReady: () => void this.#onReady(),
      onLost: () => this.#onLost(),
    });
    this.#subscribe();
    for (;;) {
      // Made before the question: the answer may be lost together with the connection.
      const isBack = new Promise<void>((resolve) => void this.#onReconnect.push(resolve));
      const isSubscribed = await this.#ping();
      if (this.#refusal !== null) throw this.#refusal;
      if (isSubscribed) break;
      if (this.#client.isClosed()) throw clusterError("ERR_BUS_DOWN");
      await isBack;
    }
    this.#onReconnect = [];
    this.#state = "up";
  }

  publish(message: Uint8Array): Promise<void> {
    return this.#send(this.#subjects[0] ?? "", message);
  }

  send(node: string, message: Uint8Array): Promise<void> {
    return this.#send(`${this.#options.key}.node.${node}`, message);
  }

  async heal(): Promise<void> {
    // While the connection is away, its return does the same.
    if (this.#state !== "up" || this.#client.isClosed()) return;
    if (this.#isHealing) {
      // The server has said nothing since the last attempt: the connection is dead, and does not know it yet.
      await this.#client.reconnect();
      return;
    }
    this.#isHealing = true;
    this.#unsubscribe();
    this.#subscribe();
    await this.#ping();
    this.#isHealing = false;
  }

  async close(): Promise<void> {
    this.#receiver = null;
    this.#stop?.();
    this.#stop = null;
    this.#attempt += 1;
    this.#unsubscribe();
  }

  async #send(subject: string, message: Uint8Array): Promise<void> {
    if (this.#receiver === null) throw clusterError("ERR_CLUSTER_CLOSED");
    if (this.#state === "down" || this.#client.isClosed()) throw clusterError("ERR_BUS_DOWN");
    const { byteLength } = message;
    const { maxPayload } = this;
    if (byteLength > maxPayload) throw clusterError("ERR_CLUSTER_PAYLOAD", byteLength, maxPayload);
    const limit = this.#options.maxPendingBytes;
    if (this.#pendingBytes + byteLength > limit) throw clusterError("ERR_BUS_FULL", limit);
    this.#client.publish(subject, message);
    this.#pendingBytes += byteLength;
    if (!this.#isConfirming) void this.#confirm();
  }

  /** Asks the server whether it has what was sent, one question at a time. */
  async #confirm(): Promise<void> {
    this.#isConfirming = true;
    while (this.#pendingBytes > 0) {
      const asked = this.#pendingBytes;
      // Without a connection, the client forgets what it has not written.
      const isConfirmed = await this.#ping();
      this.#pendingBytes = isConfirmed ? this.#pendingBytes - asked : 0;
    }
    this.#isConfirming = false;
  }

  /** Whether the server has handled everything before; false when the connection is lost first. */
  #ping(): Promise<boolean> {
    return this.#client.flush().then(
      () => true,
      () => false,
    );
  }

  #subscribe(): void {
    const callback = (error: Error | null, message: NatsMessage): void => {
      if (error === null) this.#receiver?.onMessage(message.data);
      else this.#refusal = error;
    };
    this.#subscriptions = this.#subjects.map((each) => this.#client.subscribe(each, { callback }));
  }

  #unsubscribe(): void {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    if (this.#client.isClosed()) return;
    for (const each of subscriptions) each.unsubscribe();
  }

  /** The client has subscribed again by itself, before it says that it is back. */
  async #onReady(): Promise<void> {
    for (const resolve of this.#onReconnect.splice(0)) resolve();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isSubscribed = await this.#ping();
    if (isSubscribed && attempt === this.#attempt) this.#setState("up");
  }

  #onLost(): void {
    this.#attempt += 1;
    // An `open` that waits looks again, and ends when the connection is closed for good.
    if (this.#client.isClosed()) for (const resolve of this.#onReconnect.splice(0)) resolve();
    this.#setState("down");
  }

  #setState(state: BusState): void {
    // The first state is that of `open`.
    if (this.#receiver === null || this.#state === null || state === this.#state) return;
    this.#state = state;
    this.#receiver.onState(state);
  }
}
