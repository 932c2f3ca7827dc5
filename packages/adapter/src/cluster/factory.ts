// Makes the adapters of servers: what packages for brokers build their `createAdapter` on.

import type { PointsSetUp } from "@sockeye/portable";
import type { AdapterNamespace } from "../contract.ts";
import type { Bus } from "./bus.ts";
import { ClusterAdapter } from "./cluster-adapter.ts";
import { Hub } from "./hub.ts";
import type { LinkHub } from "./link.ts";
import { type ClusterOptions, resolveClusterOptions } from "./options.ts";

/** Makes the adapter of a namespace: the value of the server's option `adapter`. */
export type MakeClusterAdapter = (nsp: AdapterNamespace<never>) => ClusterAdapter<never>;

/** Makes adapters over a hub for each server. Servers of one process that share the result are nodes of their own. */
export function adaptersOf(makeHub: () => LinkHub): MakeClusterAdapter {
  const hubs = new WeakMap<object, LinkHub>();
  return (nsp) => {
    const server = nsp.server ?? nsp;
    let hub = hubs.get(server);
    if (hub === undefined) {
      hub = makeHub();
      hubs.set(server, hub);
    }
    return new ClusterAdapter(nsp, hub);
  };
}

/** Makes adapters over a bus, in our own wire form. @throws OptionError when options are wrong */
export function clusterAdapters(
  makeBus: () => Bus,
  options: Partial<ClusterOptions> = {},
  points: PointsSetUp = {},
): MakeClusterAdapter {
  const resolved = resolveClusterOptions(options);
  return adaptersOf(() => new Hub({ makeBus, options: resolved, points }));
}
