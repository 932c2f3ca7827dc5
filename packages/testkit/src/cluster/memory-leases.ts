// Leases in memory, for nodes of one process. They can be away, and answers can be lost.

import {
  clusterError,
  type Lease,
  type Leases,
  type LeaseWrite,
  type NodeId,
} from "@sockeye/adapter/cluster";
import type { Clock, Milliseconds } from "@sockeye/portable";
import type { AppendFate } from "./memory-log.ts";

interface Kept extends Lease {
  readonly until: number;
}

/** Leases of all nodes of one process. */
export class MemoryLeases implements Leases {
  /** What happens to the next operation. */
  fate: () => AppendFate = () => "kept";
  /** The longest record, in bytes. */
  maxRecord: number = Infinity;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The leases that last. */
  get all(): readonly Lease[] {
    return [...this.#kept.keys()].flatMap((id) => this.#get(id) ?? []);
  }

  write(lease: Lease, { by, isNew, lasts }: LeaseWrite): Promise<boolean> {
    const { byteLength } = lease.record;
    if (byteLength > this.maxRecord) {
      return Promise.reject(clusterError("ERR_CLUSTER_PAYLOAD", byteLength, this.maxRecord));
    }
    return this.#answer(() => {
      const known = this.#get(lease.id);
      if (known === undefined ? !isNew : known.holder !== by) return false;
      this.#keep({ ...lease, record: lease.record.slice() }, lasts);
      return true;
    });
  }

  claim(id: string, by: NodeId, lasts: Milliseconds): Promise<Lease | null> {
    return this.#answer(() => {
      const known = this.#get(id);
      if (known === undefined) return null;
      this.#keep({ ...known, holder: by }, lasts);
      return { id, holder: known.holder, record: known.record };
    });
  }

  renew(ids: readonly string[], by: NodeId, lasts: Milliseconds): Promise<readonly string[]> {
    return this.#answer(() =>
      ids.filter((id) => {
        const known = this.#get(id);
        if (known?.holder !== by) return true;
        this.#keep(known, lasts);
        return false;
      }),
    );
  }

  remove(id: string, by: NodeId): Promise<void> {
    return this.#answer(() => {
      if (this.#get(id)?.holder === by) this.#kept.delete(id);
    });
  }

  #get(id: string): Kept | undefined {
    const known = this.#kept.get(id);
    if (known === undefined || known.until > this.#clock.now()) return known;
    this.#kept.delete(id);
    return undefined;
  }

  #keep(lease: Lease, lasts: Milliseconds): void {
    this.#kept.set(lease.id, { ...lease, until: this.#clock.now() + lasts });
  }

  async #answer<T>(act: () => T): Promise<T> {
    const fate = this.fate();
    if (fate === "refused") throw new Error("the operation was refused");
    const result = act();
    if (fate === "answer lost") throw new Error("the answer was lost");
    return result;
  }
}

/** The leases as one node reaches them, until it crashes. */
export class LeasesOfNode implements Leases {
  readonly #leases: Leases;
  #isCrashed = false;

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  /** The process has ended: nothing more is done or answered. */
  crash(): void {
    this.#isCrashed = true;
  }

  write(lease: Lease, how: LeaseWrite): Promise<boolean> {
    return this.#reach(() => this.#leases.write(lease, how));
  }

  claim(id: string, by: NodeId, lasts: Milliseconds): Promise<Lease | null> {
    return this.#reach(() => this.#leases.claim(id, by, lasts));
  }

  renew(ids: readonly string[], by: NodeId, lasts: Milliseconds): Promise<readonly string[]> {
    return this.#reach(() => this.#leases.renew(ids, by, lasts));
  }

  remove(id: string, by: NodeId): Promise<void> {
    return this.#reach(() => this.#leases.remove(id, by));
  }

  #reach<T>(act: () => Promise<T>): Promise<T> {
    return this.#isCrashed ? new Promise(() => {}) : act();
  }
}
