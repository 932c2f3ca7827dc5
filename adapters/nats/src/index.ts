// `@sockeye/nats`: servers reach each other through NATS.

import { channel as diagnosticsChannel } from "node:diagnostics_channel";
import type { AdapterNamespace } from "@sockeye/adapter";
import {
  type ClusterAdapter,
  type ClusterOptions,
  clusterAdapters,
} from "@sockeye/adapter/cluster";
import { checkClient, type NatsClient } from "./client.ts";
import { NatsBus } from "./nats-bus.ts";
import { type NatsOptions, resolveNatsOptions } from "./options.ts";

export type { ClusterAdapter, ClusterOptions } from "@sockeye/adapter/cluster";
export type { NatsClient, NatsSubscription } from "./client.ts";
export type { NatsOptions } from "./options.ts";

/** Makes the adapter of a namespace. */
export type ClusterAdapterFactory = (nsp: AdapterNamespace<never>) => ClusterAdapter<never>;

/**
 * The value of the server's option `adapter`: servers reach each other by NATS core.
 * @param connection a connection of `@nats-io/transport-node`, without its option `noEcho`. It stays open when servers are
 * closed. With `maxReconnectAttempts: -1` it comes back whenever NATS does; without, NATS's client gives up after ten attempts
 * @throws TypeError for anything else
 * @throws OptionError when options are wrong
 * @example
 * const connection = await connect({ servers: "nats://localhost:4222", maxReconnectAttempts: -1 });
 * const io = new Server(httpServer, { adapter: createAdapter(connection) });
 */
export function createAdapter(
  connection: NatsClient,
  options: Partial<NatsOptions & ClusterOptions> = {},
): ClusterAdapterFactory {
  checkClient(connection);
  const resolved = resolveNatsOptions(options);
  const points = { channel: diagnosticsChannel };
  return clusterAdapters(() => new NatsBus(connection, resolved), options, points);
}
