// `@sockeye/nats`: servers reach each other through NATS.

import { channel as diagnosticsChannel } from "node:diagnostics_channel";
import type { AdapterNamespace } from "@sockeye/adapter";
import {
  type ClusterAdapter,
  type ClusterOptions,
  clusterAdapters,
  type LogAdapter,
  type LogBroker,
  type LogOptions,
  logAdapters,
} from "@sockeye/adapter/cluster";
import { checkClient, type NatsClient } from "./client.ts";
import { JetStreamLeases } from "./jetstream/jetstream-leases.ts";
import { JetStreamLog } from "./jetstream/jetstream-log.ts";
import { JetStreamLink } from "./jetstream/link.ts";
import { namesOf } from "./jetstream/names.ts";
import { NatsBus } from "./nats-bus.ts";
import {
  type JetStreamOptions,
  type NatsOptions,
  resolveJetStreamOptions,
  resolveNatsOptions,
} from "./options.ts";

export type {
  ClusterAdapter,
  ClusterOptions,
  LogAdapter,
  LogOptions,
} from "@sockeye/adapter/cluster";
export type { NatsClient, NatsMessage, NatsSubscription } from "./client.ts";
export { Emitter, type EmitterOptions } from "./emitter.ts";
export type { JetStreamOptions, JetStreamStorage, NatsOptions } from "./options.ts";

/** Makes the adapter of a namespace. */
export type ClusterAdapterFactory = (nsp: AdapterNamespace<never>) => ClusterAdapter<never>;

/** Makes the adapter of a namespace, over a log. */
export type LogAdapterFactory = (nsp: AdapterNamespace<never>) => LogAdapter<never>;

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

/**
 * The value of the server's option `adapter`: servers reach each other by a stream of JetStream, which keeps what was sent.
 * With the server's option `connectionStateRecovery`, clients go on with their sessions on any server, also after a crash.
 * @param connection as for `createAdapter`, to a NATS with JetStream (`nats-server -js`), 2.9 or later. Streams are made when
 * they are not there
 * @throws TypeError for anything else
 * @throws OptionError when options are wrong
 * @example
 * const connection = await connect({ servers: "nats://localhost:4222", maxReconnectAttempts: -1 });
 * const io = new Server(httpServer, {
 *   adapter: createJetStreamAdapter(connection),
 *   connectionStateRecovery: {},
 * });
 */
export function createJetStreamAdapter(
  connection: NatsClient,
  options: Partial<JetStreamOptions & LogOptions & ClusterOptions> = {},
): LogAdapterFactory {
  checkClient(connection);
  const resolved = resolveJetStreamOptions(options);
  const names = namesOf(resolved.key);
  const makeBroker = (): LogBroker => {
    const bus = new NatsBus(connection, resolved);
    const { domain } = resolved;
    const link = new JetStreamLink(connection, { answers: names.answersOf(bus.nodeId), domain });
    return {
      bus,
      log: new JetStreamLog(link, names, resolved),
      leases: new JetStreamLeases(link, names, resolved),
      close: () => link.close(),
    };
  };
  return logAdapters(makeBroker, options, { channel: diagnosticsChannel });
}
