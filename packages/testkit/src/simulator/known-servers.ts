// Which servers know each other at a moment, as their diagnostics say it: what oracles may ask of those that route by rooms.

import type { SimNode } from "./sim-node.ts";

/** The servers that each server knows. */
export class KnownServers {
  readonly #known = new Map<SimNode, Set<string>>();
  /** How often a server was taken for dead by another one. */
  #losses = 0;

  /** A server begins. */
  watch(node: SimNode): void {
    const known = new Set<string>();
    this.#known.set(node, known);
    const { nodeJoined, nodeLeft } = node.adapter.diagnostics;
    nodeJoined.subscribe(({ node: other }) => void known.add(other));
    nodeLeft.subscribe(({ node: other }) => {
      known.delete(other);
      this.#losses += 1;
    });
  }

  /** The others that a server knows now. */
  of(node: SimNode): ReadonlySet<string> {
    return new Set(this.#known.get(node));
  }

  /** Asked later, says whether a server knows all others that live now, and none was taken for dead since. */
  stillWhole(node: SimNode): () => boolean {
    const known = this.#known.get(node);
    const losses = this.#losses;
    const isWhole = [...this.#known.keys()].every(
      (each) => each === node || !each.isAlive || known?.has(each.name) === true,
    );
    return () => isWhole && this.#losses === losses;
  }
}
