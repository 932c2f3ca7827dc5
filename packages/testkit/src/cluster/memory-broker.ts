// A broker in memory: buses of nodes in one process. Its links can be made bad: they drop, delay, duplicate and reorder
// messages, or carry nothing at all.

import type { Bus, BusPublish, BusReceiver, BusState, NodeId } from "@sockeye/adapter/cluster";
import type { Milliseconds } from "@sockeye/portable";

/** What happens to one message on its way to one node: it arrives once for each delay, in milliseconds; never for none. */
export type Link = (way: {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Uint8Array;
}) => readonly Milliseconds[];

/** Settings of a broker. */
export interface BrokerSettings {
  /** Default: every message arrives once, in order. */
  readonly link?: Link;
  /** Calls back later; for delays. Default: without delay only. */
  after?(delay: Milliseconds, callback: () => void): unknown;
  /** See `Bus.reorderWindow`. Default 0. */
  readonly reorderWindow?: Milliseconds;
  /** Default 1 MiB. */
  readonly maxPayload?: number;
  /** Whether the nodes can be counted. Default `true`. */
  readonly isCounting?: boolean;
  /** Whether nodes learn at once that another one has ended. Default `false`. */
  readonly isWatching?: boolean;
}

const AT_ONCE: readonly Milliseconds[] = [0];

/** Connects buses. */
export class MemoryBroker {
  readonly settings: BrokerSettings;
  /** Replaces the link of the settings, when set. */
  link: Link | null = null;
  readonly #nodes = new Map<NodeId, MemoryBus>();
  #made = 0;

  constructor(settings: BrokerSettings = {}) {
    this.settings = settings;
  }

  /** The nodes that receive. */
  get nodes(): ReadonlyMap<NodeId, MemoryBus> {
    return this.#nodes;
  }

  /** The bus of a new node. */
  makeBus(name?: NodeId): MemoryBus {
    this.#made += 1;
    return new MemoryBus(name ?? `node-${this.#made}`, this);
  }

  enter(bus: MemoryBus): void {
    this.#nodes.set(bus.nodeId, bus);
  }

  /** A node has ended, in order or not. */
  leave(node: NodeId): void {
    if (!this.#nodes.delete(node) || this.settings.isWatching !== true) return;
    for (const bus of this.#nodes.values()) bus.receiver?.onGone(node);
  }

  /** Carries a message to one node. */
  carry(from: NodeId, to: NodeId, message: Uint8Array): void {
    const link = this.link ?? this.settings.link;
    for (const delay of link?.({ from, to, message }) ?? AT_ONCE) {
      const arrive = (): void => this.#nodes.get(to)?.receive(message);
      if (delay === 0 || this.settings.after === undefined) queueMicrotask(arrive);
      else this.settings.after(delay, arrive);
    }
  }

  /** The broker is away, or back: all nodes notice. */
  setState(state: BusState): void {
    for (const bus of this.#nodes.values()) bus.setState(state);
  }
}

/** The bus of one node. */
export class MemoryBus implements Bus {
  readonly nodeId: NodeId;
  readonly maxPayload: number;
  readonly reorderWindow: Milliseconds;
  readonly count?: () => Promise<number>;
  receiver: BusReceiver | null = null;
  /** How often `heal` was called. */
  heals = 0;
  /** Messages are lost on their way to this node, though nothing shows it. */
  isDeaf = false;
  readonly #broker: MemoryBroker;
  #state: BusState = "up";

  constructor(nodeId: NodeId, broker: MemoryBroker) {
    const { isCounting = true, maxPayload = 2 ** 20, reorderWindow = 0 } = broker.settings;
    this.nodeId = nodeId;
    this.maxPayload = maxPayload;
    this.reorderWindow = reorderWindow;
    this.#broker = broker;
    if (isCounting) this.count = () => Promise.resolve(broker.nodes.size);
  }

  open(receiver: BusReceiver): void {
    this.receiver = receiver;
    this.#broker.enter(this);
  }

  publish(message: Uint8Array, _how?: BusPublish): Promise<void> | void {
    if (this.#state === "down" || this.receiver === null) {
      return Promise.reject(new Error("the broker is away"));
    }
    for (const to of this.#broker.nodes.keys()) this.#broker.carry(this.nodeId, to, message);
  }

  send(node: NodeId, message: Uint8Array): Promise<void> | void {
    if (this.#state === "down" || this.receiver === null) {
      return Promise.reject(new Error("the broker is away"));
    }
    this.#broker.carry(this.nodeId, node, message);
  }

  receive(message: Uint8Array): void {
    if (this.#state === "up" && !this.isDeaf) this.receiver?.onMessage(message);
  }

  setState(state: BusState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.receiver?.onState(state);
  }

  heal(): void {
    this.heals += 1;
    this.isDeaf = false;
  }

  close(): void {
    this.receiver = null;
    this.#broker.leave(this.nodeId);
  }

  /** The process has ended without a word. */
  crash(): void {
    this.close();
  }
}
