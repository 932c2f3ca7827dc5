// The broker of a simulation: fans out messages, keeps a log and leases. It restarts, with or without its memory.

import type { NodeId } from "@sockeye/adapter/cluster";
import { MemoryLeases } from "../../cluster/memory-leases.ts";
import { MemoryLogStore } from "../../cluster/memory-log.ts";
import type { SeededRandom } from "../../seeded-random.ts";
import type { Process } from "../process.ts";
import type { Setting } from "../setting.ts";
import type { Timeline } from "../timeline.ts";

/** What happens to messages of the bus on their way: shares of them, one in so many; 0 for none. */
export interface BusLoss {
  drop: number;
  double: number;
}

/** The connection of a node, as the broker sees it. */
interface Connected {
  readonly uplink: { break(): void };
}

/** The subscription of a node. */
export interface Subscriber extends Connected {
  readonly nodeId: NodeId;
  /** The broker has a message for the node. */
  push(message: Uint8Array): void;
  /** The broker knows that a node has ended. */
  gone(node: NodeId): void;
}

/** A node that reads the log. */
export interface LogReader extends Connected {
  /** The broker sends what the node does not have. */
  feed(): void;
}

/** What the broker reports to the history of the simulation. */
export interface BrokerObserver {
  /** An entry has got its place. */
  onAppended(entry: {
    readonly epoch: string;
    readonly offset: number;
    readonly message: Uint8Array;
  }): void;
  onDropped(from: NodeId, to: NodeId): void;
}

/** The broker. */
export class Broker {
  readonly store: MemoryLogStore;
  leases: MemoryLeases;
  readonly loss: BusLoss = { drop: 0, double: 0 };
  isDown = false;
  readonly setting: Setting;
  readonly timeline: Timeline;
  readonly random: SeededRandom;
  readonly #process: Process;
  readonly #observer: BrokerObserver;
  readonly #buses = new Map<NodeId, Subscriber>();
  readonly #logs = new Set<LogReader>();

  constructor(made: {
    readonly setting: Setting;
    readonly timeline: Timeline;
    readonly random: SeededRandom;
    readonly process: Process;
    readonly observer: BrokerObserver;
  }) {
    this.setting = made.setting;
    this.timeline = made.timeline;
    this.random = made.random;
    this.#process = made.process;
    this.#observer = made.observer;
    this.store = new MemoryLogStore({ maxEntries: made.setting.maxEntries });
    this.leases = new MemoryLeases(made.process.clock);
  }

  get count(): number {
    return this.#buses.size;
  }

  subscribe(bus: Subscriber): void {
    this.#buses.set(bus.nodeId, bus);
  }

  /** A node has ended, in order or not. */
  unsubscribe(node: NodeId): void {
    if (!this.#buses.delete(node) || !this.setting.isWatching || this.isDown) return;
    for (const bus of this.#buses.values()) bus.gone(node);
  }

  fanOut(from: NodeId, message: Uint8Array): void {
    for (const [to, bus] of this.#buses) this.#carry(from, { to, bus, message });
  }

  sendTo(from: NodeId, to: NodeId, message: Uint8Array): void {
    const bus = this.#buses.get(to);
    if (bus !== undefined) this.#carry(from, { to, bus, message });
  }

  #carry(
    from: NodeId,
    {
      bus,
      message,
      to,
    }: { readonly to: NodeId; readonly bus: Subscriber; readonly message: Uint8Array },
  ): void {
    const { double, drop } = this.loss;
    if (drop > 0 && this.random.once(drop)) {
      this.#observer.onDropped(from, to);
      return;
    }
    const times = double > 0 && this.random.once(double) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const { reorderWindow } = this.setting;
      if (reorderWindow === 0) bus.push(message);
      else this.timeline.after(this.random.below(reorderWindow), () => bus.push(message));
    }
  }

  readLog(log: LogReader): void {
    this.#logs.add(log);
  }

  leaveLog(log: LogReader): void {
    this.#logs.delete(log);
  }

  append(batch: Parameters<MemoryLogStore["append"]>[0]): ReturnType<MemoryLogStore["append"]> {
    const before = this.store.last;
    const point = this.store.append(batch);
    const added = batch.messages.slice(
      batch.messages.length - (this.store.last.offset - before.offset),
    );
    for (const [index, message] of added.entries()) {
      this.#observer.onAppended({
        epoch: before.epoch,
        offset: before.offset + 1 + index,
        message,
      });
    }
    for (const log of this.#logs) log.feed();
    return point;
  }

  /** Goes down: every node loses its connection. */
  stop(): void {
    this.isDown = true;
    for (const bus of this.#buses.values()) bus.uplink.break();
    for (const log of this.#logs) log.uplink.break();
  }

  /** What it kept is gone. */
  forget(what: "everything" | "the log"): void {
    this.store.lose();
    if (what === "everything") this.leases = new MemoryLeases(this.#process.clock);
    for (const log of this.#logs) log.feed();
  }

  /** Comes back; subscriptions are made again by those who are connected. */
  start(): void {
    this.isDown = false;
  }
}
