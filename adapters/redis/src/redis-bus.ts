// A bus over Redis pub/sub. One channel carries what is for all nodes, one for each node what is for it alone. Redis
// keeps the order of a connection, forgets what cannot be delivered, and delivers a node's own messages to it as well.

import { randomUUID } from "node:crypto";
import { type Bus, type BusReceiver, type BusState, clusterError } from "@sockeye/adapter/cluster";
import type { RedisFace } from "./clients.ts";
import { patternOf } from "./pattern.ts";

/** Settings of a bus. */
export interface RedisBusSettings {
  /** The channel of all nodes. */
  readonly channel: string;
  /** Most bytes that wait for Redis. */
  readonly maxPendingBytes: number;
}

// The limit of Redis (`proto-max-bulk-len`).
const MAX_PAYLOAD = 512 * 1024 * 1024;

/** A bus over a connection for publishing and one for subscribing. */
export class RedisBus implements Bus {
  readonly nodeId: string = randomUUID();
  readonly maxPayload: number;
  readonly reorderWindow = 0;
  readonly #pub: RedisFace;
  readonly #sub: RedisFace;
  readonly #settings: RedisBusSettings;
  readonly #channels: readonly string[];
  #receiver: BusReceiver | null = null;
  #stop: (() => void) | null = null;
  /** Before the first connection the client keeps commands; `null` until then. */
  #state: BusState | null = null;
  #pendingBytes = 0;
  /** Counts the attempts to subscribe: only the last one may end in `up`. */
  #attempt = 0;
  readonly #onMessage = (_channel: string, message: Uint8Array): void =>
    this.#receiver?.onMessage(message);

  constructor(pub: RedisFace, sub: RedisFace, settings: RedisBusSettings) {
    this.#pub = pub;
    this.#sub = sub;
    this.#settings = settings;
    this.#channels = [settings.channel, `${settings.channel}#${this.nodeId}`];
    this.maxPayload = Math.min(MAX_PAYLOAD, settings.maxPendingBytes);
  }

  async open(receiver: BusReceiver): Promise<void> {
    this.#receiver = receiver;
    this.#stop ??= this.#watch();
    await this.#sub.subscribe(this.#channels, this.#onMessage);
    if (this.#isReady()) this.#state = "up";
  }

  publish(message: Uint8Array): Promise<void> {
    return this.#send(this.#settings.channel, message);
  }

  send(node: string, message: Uint8Array): Promise<void> {
    return this.#send(`${this.#settings.channel}#${node}`, message);
  }

  count(): Promise<number> {
    // Each node has a channel of its own; the connections of several nodes may be one.
    return this.#pub.countChannels(patternOf(`${this.#settings.channel}#`));
  }

  async heal(): Promise<void> {
    // While the connection is away, its return does the same.
    if (this.#sub.isReady()) await this.#subscribeAgain();
  }

  async close(): Promise<void> {
    this.#receiver = null;
    this.#stop?.();
    this.#stop = null;
    this.#attempt += 1;
    await this.#sub.unsubscribe(this.#channels, this.#onMessage).catch(() => {});
  }

  async #send(channel: string, message: Uint8Array): Promise<void> {
    if (this.#receiver === null) throw clusterError("ERR_CLUSTER_CLOSED");
    if (this.#state === "down") throw clusterError("ERR_BUS_DOWN");
    const limit = this.#settings.maxPendingBytes;
    const { byteLength } = message;
    if (this.#pendingBytes + byteLength > limit) throw clusterError("ERR_BUS_FULL", limit);
    this.#pendingBytes += byteLength;
    try {
      await this.#pub.publish(channel, message);
    } finally {
      this.#pendingBytes -= byteLength;
    }
  }

  #isReady(): boolean {
    return this.#pub.isReady() && this.#sub.isReady();
  }

  #watch(): () => void {
    const onLost = (): void => this.#setState("down");
    const stops = [
      this.#pub.watch(() => this.#onPubReady(), onLost),
      this.#sub.watch(() => this.#onSubReady(), onLost),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #onPubReady(): void {
    if (this.#sub.isReady() && this.#state !== "up") this.#onSubReady();
  }

  #onSubReady(): void {
    // The first subscription is that of `open`.
    if (this.#state === null) return;
    this.#subscribeAgain().catch(() => {});
  }

  /** Clients subscribe again by themselves, but do not say when that is done. */
  async #subscribeAgain(): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    await this.#sub.subscribe(this.#channels, this.#onMessage);
    if (attempt === this.#attempt && this.#isReady()) this.#setState("up");
  }

  #setState(state: BusState): void {
    if (this.#receiver === null || state === this.#state) return;
    this.#state = state;
    this.#receiver.onState(state);
  }
}
