// A cluster adapter that knows the other servers by their heartbeats, for brokers that do not know how many there are.

import type { Milliseconds } from "@sockeye/portable";
import type { AdapterNamespace, AdapterSocket } from "../contract.ts";
import { ClusterAdapter } from "./cluster-adapter.ts";
import {
  type ClusterAdapterOptions,
  type ClusterMessage,
  MessageType,
  type Offset,
  type ServerId,
  type Unsent,
} from "./messages.ts";

const INTERVAL: Milliseconds = 5000;
const TIMEOUT: Milliseconds = 10_000;
/** How often silent servers are removed. */
const SWEEP_EVERY: Milliseconds = 1000;
/** Programs that only publish use this id. They are no servers. */
const EMITTER: ServerId = "emitter";

/**
 * Publishes a heartbeat when it has published nothing for a while. A server that has been silent for too long, or has
 * said that it closes, is not counted, and no request waits for it.
 */
export abstract class ClusterAdapterWithHeartbeat<
  S extends AdapterSocket = AdapterSocket,
> extends ClusterAdapter<S> {
  readonly #interval: Milliseconds;
  readonly #timeout: Milliseconds;
  /** When each of the other servers was heard last. */
  readonly #heardAt = new Map<ServerId, Milliseconds>();
  #publishedAt: Milliseconds = 0;
  #timers: (() => void)[] | null = null;

  constructor(nsp: AdapterNamespace<S>, options: ClusterAdapterOptions = {}) {
    super(nsp);
    this.#interval = options.heartbeatInterval ?? INTERVAL;
    this.#timeout = options.heartbeatTimeout ?? TIMEOUT;
  }

  override init(): Promise<void> | void {
    if (this.#timers === null) {
      this.#timers = [];
      this.#awaitHeartbeat(0, this.#interval);
      this.#awaitSweep();
    }
    this.publish({ type: MessageType.INITIAL_HEARTBEAT });
  }

  override close(): Promise<void> | void {
    for (const cancel of this.#timers ?? []) cancel();
    this.#timers = null;
    this.publish({ type: MessageType.ADAPTER_CLOSE });
  }

  override serverCount(): Promise<number> {
    return Promise.resolve(1 + this.#heardAt.size);
  }

  protected override otherServers(): ReadonlySet<ServerId> {
    return new Set(this.#heardAt.keys());
  }

  override onMessage(message: ClusterMessage, offset?: Offset): void {
    const { nsp, type, uid } = message;
    if (uid === this.uid || nsp !== this.nsp.name) return;
    if (type === MessageType.ADAPTER_CLOSE) {
      this.#remove(uid);
      return;
    }
    if (uid && uid !== EMITTER) this.#heardAt.set(uid, this.nsp.clock.now());
    if (type === MessageType.INITIAL_HEARTBEAT) this.publish({ type: MessageType.HEARTBEAT });
    super.onMessage(message, offset);
  }

  protected override publishAndReturnOffset(message: Unsent<ClusterMessage>): Promise<Offset> {
    this.#publishedAt = this.nsp.clock.now();
    return super.publishAndReturnOffset(message);
  }

  /** Publishes a heartbeat once nothing has been published for an interval. One timer, however much is published. */
  #awaitHeartbeat(slot: number, delay: Milliseconds): void {
    if (this.#timers === null) return;
    this.#timers[slot] = this.nsp.clock.after(delay, () => {
      const left = this.#publishedAt + this.#interval - this.nsp.clock.now();
      if (left <= 0) this.publish({ type: MessageType.HEARTBEAT });
      this.#awaitHeartbeat(slot, left > 0 ? left : this.#interval);
    });
  }

  #awaitSweep(): void {
    if (this.#timers === null) return;
    this.#timers[1] = this.nsp.clock.after(SWEEP_EVERY, () => {
      const oldest = this.nsp.clock.now() - this.#timeout;
      for (const [uid, at] of [...this.#heardAt]) if (at < oldest) this.#remove(uid);
      this.#awaitSweep();
    });
  }

  #remove(uid: ServerId): void {
    if (this.#heardAt.delete(uid)) this.onServerLeft(uid);
  }
}
