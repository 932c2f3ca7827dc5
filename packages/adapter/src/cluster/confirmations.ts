// Who of the other nodes knows which version of this node's rooms; and those who wait until all of them do.

import type { NodeId } from "./bus.ts";

interface Wait {
  readonly version: number;
  end(): void;
}

/** The confirmations of other nodes. */
export class Confirmations {
  readonly #known = new Map<NodeId, number>();
  readonly #waits = new Set<Wait>();

  /** A node has become known. It publishes everything until it knows the rooms: nothing is missed by then. */
  begin(node: NodeId, version: number): void {
    this.#known.set(node, Math.max(version, this.#known.get(node) ?? 0));
  }

  confirm(node: NodeId, version: number): void {
    const known = this.#known.get(node);
    if (known === undefined || !(version > known)) return;
    this.#known.set(node, version);
    this.#check();
  }

  /** A node has ended. */
  end(node: NodeId): void {
    if (this.#known.delete(node)) this.#check();
  }

  endAll(): void {
    this.#known.clear();
    this.#check();
  }

  /** Resolves when all know a version, or `late` of `onLate` was called; nothing when they do. */
  wait(version: number, onLate: (late: () => void) => () => void): Promise<void> | void {
    if (this.#isKnown(version)) return;
    return new Promise((resolve) => {
      const wait: Wait = {
        version,
        end: () => {
          cancel();
          this.#waits.delete(wait);
          resolve();
        },
      };
      const cancel = onLate(() => wait.end());
      this.#waits.add(wait);
    });
  }

  #isKnown(version: number): boolean {
    for (const known of this.#known.values()) if (known < version) return false;
    return true;
  }

  #check(): void {
    for (const wait of [...this.#waits]) if (this.#isKnown(wait.version)) wait.end();
  }
}
