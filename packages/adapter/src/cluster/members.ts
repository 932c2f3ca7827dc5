// The nodes of a cluster that are known to this one, and when each was heard last. Pure: it is given the time.

import type { Milliseconds } from "@sockeye/portable";
import type { NodeId } from "./bus.ts";

interface MemberNode {
  heardAt: Milliseconds;
  /** Names the codec of its server; nodes with the same name understand each other's encoded packets. */
  codec: string;
}

/** The other nodes. */
export class Members {
  readonly #nodes = new Map<NodeId, MemberNode>();
  readonly #own: string;
  /** Nodes whose codec is another one. */
  #others = 0;

  /** `codec` names the codec of this node's server. */
  constructor(codec: string) {
    this.#own = codec;
  }

  get ids(): readonly NodeId[] {
    return [...this.#nodes.keys()];
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Whether every node understands the encoded packets of this one. */
  get isUniform(): boolean {
    return this.#others === 0;
  }

  has(node: NodeId): boolean {
    return this.#nodes.has(node);
  }

  /** A known node was heard; returns `false` for an unknown one. */
  heard(node: NodeId, now: Milliseconds): boolean {
    const known = this.#nodes.get(node);
    if (known !== undefined) known.heardAt = now;
    return known !== undefined;
  }

  /** A node has said that it is there. Returns whether it is a new one. */
  add(node: NodeId, codec: string, now: Milliseconds): boolean {
    if (this.heard(node, now)) return false;
    this.#nodes.set(node, { heardAt: now, codec });
    if (codec !== this.#own) this.#others += 1;
    return true;
  }

  /** A node has ended. Returns whether it was known. */
  remove(node: NodeId): boolean {
    const known = this.#nodes.get(node);
    if (known === undefined) return false;
    this.#nodes.delete(node);
    if (known.codec !== this.#own) this.#others -= 1;
    return true;
  }

  /** This process was suspended: what the others sent meanwhile has not been read yet. */
  excuse(now: Milliseconds): void {
    for (const node of this.#nodes.values()) node.heardAt = now;
  }

  /** When the node was heard that has been silent for longest; `Infinity` without nodes. */
  get earliest(): Milliseconds {
    let earliest = Infinity;
    for (const { heardAt } of this.#nodes.values()) earliest = Math.min(earliest, heardAt);
    return earliest;
  }

  /** The nodes of which nothing was heard since a point in time. */
  silentSince(point: Milliseconds): readonly NodeId[] {
    return [...this.#nodes].filter(([, { heardAt }]) => heardAt < point).map(([id]) => id);
  }
}
