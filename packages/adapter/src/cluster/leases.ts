// The port of leases: which node holds which session, with a record of it, so that another node can go on with the
// session when that node has ended. A lease outlives its node by the time for which it was renewed last.

import type { Milliseconds } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";

/** The lease of one session. */
export interface Lease {
  /** The private id of the session. */
  readonly id: string;
  /** The node that holds it. Empty when none does: the client is away. */
  readonly holder: NodeId;
  /** What is needed to go on with the session. */
  readonly record: Uint8Array;
}

/** Settings of one writing. */
export interface LeaseWrite {
  /** The node that writes; it must hold the lease. */
  readonly by: NodeId;
  /** The lease is made when there is none; else it must be there. */
  readonly isNew: boolean;
  /** How long the lease lasts from now on, in milliseconds. */
  readonly lasts: Milliseconds;
}

/**
 * Leases by the id of their session. Every operation is atomic; a rejected one was done, or not, or will be. What a node
 * asks for happens in the order in which it asks.
 */
export interface Leases {
  /**
   * Writes a lease, with its holder, which may be another one than `by`. Resolves with `false`, and writes nothing, when
   * the lease is there and `by` is not its holder, or when it is not there and not new. Rejects with `ERR_CLUSTER_PAYLOAD`
   * when the record is longer than the broker takes.
   */
  write(lease: Lease, how: LeaseWrite): Promise<boolean>;
  /**
   * Makes a node the holder and returns the lease as it was before, with the former holder; `null` when it is not there,
   * or no longer. The latest node that claims a lease has it.
   */
  claim(id: string, by: NodeId, lasts: Milliseconds): Promise<Lease | null>;
  /** Lets leases of a node last longer. Resolves with the ids of those that it does not hold. */
  renew(ids: readonly string[], by: NodeId, lasts: Milliseconds): Promise<readonly string[]>;
  /** Removes a lease that a node holds. */
  remove(id: string, by: NodeId): Promise<void>;
}
