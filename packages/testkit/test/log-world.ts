// Servers in memory that share a log and leases, on a clock moved by hand.

import type { ClusterOptions, LogOptions } from "@sockeye/adapter/cluster";
import type { CoreOptions } from "@sockeye/core";
import { type BrokerSettings, MemoryBroker } from "../src/cluster/memory-broker.ts";
import { MemoryMember } from "../src/cluster/memory-cluster.ts";
import { MemoryLeases } from "../src/cluster/memory-leases.ts";
import { type MemoryLogSettings, MemoryLogStore } from "../src/cluster/memory-log.ts";
import { FakeClock } from "../src/fake-clock.ts";

const CLUSTER = { heartbeatInterval: 100, heartbeatTimeout: 1000, requestsTimeout: 500 };
const RECOVERY = { connectionStateRecovery: { maxDisconnectionDuration: 10_000 } };

/** Settings of a world. */
export interface LogWorldSettings {
  readonly broker?: BrokerSettings;
  readonly log?: MemoryLogSettings;
  readonly cluster?: Partial<ClusterOptions & LogOptions>;
  readonly core?: object;
  readonly engine?: object;
}

/** A broker with a log, and the servers that use it. */
export class LogWorld {
  readonly clock = new FakeClock();
  readonly broker: MemoryBroker;
  readonly log: MemoryLogStore;
  readonly leases: MemoryLeases;
  readonly members: MemoryMember[] = [];
  readonly #settings: LogWorldSettings;

  constructor(settings: LogWorldSettings = {}) {
    const after = (delay: number, call: () => void): unknown => this.clock.after(delay, call);
    this.#settings = settings;
    this.broker = new MemoryBroker({ after, ...settings.broker });
    this.log = new MemoryLogStore({ after, ...settings.log });
    this.leases = new MemoryLeases(this.clock);
  }

  /** Starts servers; resolves when they know each other. */
  async start(count: number): Promise<readonly MemoryMember[]> {
    const started: MemoryMember[] = [];
    for (let made = 0; made < count; made++) {
      const member = new MemoryMember({
        name: `n${this.members.length}`,
        broker: this.broker,
        clock: this.clock,
        cluster: { ...CLUSTER, ...this.#settings.cluster },
        core: { ...RECOVERY, ...this.#settings.core } as unknown as Partial<CoreOptions>,
        engine: { ...this.#settings.engine },
        kept: { log: this.log, leases: this.leases },
      });
      this.members.push(member);
      started.push(member);
    }
    await this.elapse(200);
    return started;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
  }

  /** Lets time pass. */
  async elapse(duration: number): Promise<void> {
    for (let passed = 0; passed < duration; passed += 20) {
      this.clock.advance(20);
      await this.settle();
    }
  }

  /** What the servers have reported as faults. */
  get faults(): readonly unknown[] {
    return this.members.flatMap(({ faults }) => faults);
  }

  async close(): Promise<void> {
    const closing = Promise.all(this.members.map((member) => member.close()));
    await this.elapse(1500);
    await closing;
  }
}
