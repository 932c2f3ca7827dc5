// Makes the adapters of servers over a log: what packages for brokers build their `createAdapter` on.

import type { PointsSetUp } from "@sockeye/portable";
import { type ClusterOptions, resolveClusterOptions } from "../cluster/options.ts";
import type { AdapterNamespace } from "../contract.ts";
import { LogAdapter } from "./log-adapter.ts";
import { type LogBroker, LogHub } from "./log-hub.ts";
import { type LogOptions, resolveLogOptions } from "./options.ts";

/** Makes the adapter of a namespace: the value of the server's option `adapter`. */
export type MakeLogAdapter = (nsp: AdapterNamespace<never>) => LogAdapter<never>;

/**
 * Makes adapters over a broker that has a log. Servers of one process that share the result are nodes of their own.
 * @throws OptionError when options are wrong
 */
export function logAdapters(
  makeBroker: () => LogBroker,
  given: Partial<ClusterOptions & LogOptions> = {},
  points: PointsSetUp = {},
): MakeLogAdapter {
  const options = { ...resolveClusterOptions(given), ...resolveLogOptions(given) };
  const hubs = new WeakMap<object, LogHub>();
  return (nsp) => {
    const server = nsp.server ?? nsp;
    let hub = hubs.get(server);
    if (hub === undefined) {
      hub = new LogHub({ makeBroker, options, points });
      hubs.set(server, hub);
    }
    return new LogAdapter(nsp, hub);
  };
}
