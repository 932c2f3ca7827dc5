// The node of one server, with its log and its leases, shared by the adapters of its namespaces: opened with the first of
// them, closed with the last.

import type { PointsSetUp } from "@sockeye/portable";
import type { Bus } from "../cluster/bus.ts";
import type { ClusterDiagnostics } from "../cluster/diagnostics.ts";
import { Hub } from "../cluster/hub.ts";
import type { Leases } from "../cluster/leases.ts";
import type { LinkHub, NodeNamespace } from "../cluster/link.ts";
import type { Log } from "../cluster/log.ts";
import type { ClusterOptions } from "../cluster/options.ts";
import type { AdapterNamespace } from "../contract.ts";
import type { LogNamespace } from "./log-namespace.ts";
import { LogNode } from "./log-node.ts";
import type { LogOptions } from "./options.ts";

/** The three ways of one node to its broker. */
export interface LogBroker {
  readonly bus: Bus;
  readonly log: Log;
  readonly leases: Leases;
  /** The node has ended: closes what was opened for it. */
  close?(): Promise<void> | void;
}

/** What a hub is made of. */
export interface LogHubSetUp {
  /** Makes the broker of a node: one for each time that the server is started. */
  makeBroker(): LogBroker;
  readonly options: ClusterOptions & LogOptions;
  readonly points: PointsSetUp;
}

/** The node of one server. */
export class LogHub implements LinkHub {
  readonly options: ClusterOptions & LogOptions;
  readonly #hub: Hub;
  readonly #makeBroker: () => LogBroker;
  #broker: LogBroker | null = null;
  #node: LogNode | null = null;
  #opened: Promise<void> = Promise.resolve();

  constructor({ makeBroker, options, points }: LogHubSetUp) {
    this.options = options;
    this.#makeBroker = makeBroker;
    this.#hub = new Hub({ makeBus: () => this.#makeBus(), options, points });
  }

  get diagnostics(): ClusterDiagnostics {
    return this.#hub.diagnostics;
  }

  /** Settles when the node has begun, or could not. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** The leases of the node that has begun last. */
  get leases(): Leases | null {
    return this.#broker?.leases ?? null;
  }

  enter(nsp: AdapterNamespace, namespace: LogNamespace & NodeNamespace): LogNode {
    const node = this.#hub.enter(nsp, namespace);
    const broker = this.#broker;
    if (this.#node === null && broker !== null) {
      const { clock } = nsp;
      this.#node = new LogNode({ node, log: broker.log, clock, options: this.options });
      const opened = this.#node.open();
      this.#opened = Promise.all([this.#hub.opened, opened]).then(() => {});
    }
    const own = this.#node as LogNode;
    own.attach(nsp.name, namespace);
    return own;
  }

  /** A namespace has ended; so does the node, when it was the last. */
  async leave(name: string): Promise<void> {
    const node = this.#node;
    if (node === null) return;
    node.detach(name);
    if (node.isVacant) {
      const broker = this.#broker;
      this.#node = null;
      this.#broker = null;
      // What waits for the log is appended first; then the others need not wait for this node any more.
      await node.close();
      await this.#hub.leave(name);
      await broker?.close?.();
    } else await this.#hub.leave(name);
  }

  #makeBus(): Bus {
    this.#broker = this.#makeBroker();
    return this.#broker.bus;
  }
}
