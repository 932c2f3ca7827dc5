// The node of one server, shared by the adapters of its namespaces: opened with the first of them, closed with the last.

import type { PointsSetUp } from "@sockeye/portable";
import type { AdapterNamespace } from "../contract.ts";
import type { Bus } from "./bus.ts";
import { codecNameOf } from "./codec-name.ts";
import { type ClusterDiagnostics, createClusterDiagnostics } from "./diagnostics.ts";
import type { LinkHub, NodeNamespace } from "./link.ts";
import { ClusterNode } from "./node.ts";
import type { ClusterOptions } from "./options.ts";

/** What a hub is made of. */
export interface HubSetUp {
  /** Makes the bus of a node: one for each time that the server is started. */
  makeBus(): Bus;
  readonly options: ClusterOptions;
  readonly points: PointsSetUp;
}

/** The node of one server. */
export class Hub implements LinkHub {
  readonly options: ClusterOptions;
  readonly diagnostics: ClusterDiagnostics;
  readonly #makeBus: () => Bus;
  #node: ClusterNode | null = null;
  #opened: Promise<void> = Promise.resolve();

  constructor({ makeBus, options, points }: HubSetUp) {
    this.#makeBus = makeBus;
    this.options = options;
    this.diagnostics = createClusterDiagnostics(points);
  }

  /** Settles when the node has begun, or could not. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** A namespace takes part. */
  enter(nsp: AdapterNamespace, namespace: NodeNamespace): ClusterNode {
    const node = this.#node ?? this.#start(nsp);
    node.attach(nsp.name, namespace);
    return node;
  }

  /** A namespace has ended; so does the node, when it was the last. */
  leave(name: string): Promise<void> | void {
    const node = this.#node;
    if (node === null) return;
    node.detach(name);
    if (!node.isVacant) return;
    this.#node = null;
    return node.close();
  }

  #start(nsp: AdapterNamespace): ClusterNode {
    const { clock } = nsp;
    const codec = codecNameOf(nsp);
    const { diagnostics, options } = this;
    const node = new ClusterNode({ bus: this.#makeBus(), clock, codec, diagnostics, options });
    this.#node = node;
    this.#opened = node.open();
    return node;
  }
}
