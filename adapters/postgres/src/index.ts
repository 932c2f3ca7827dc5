// `@sockeye/postgres`: servers reach each other through PostgreSQL.

import { randomUUID } from "node:crypto";
import { channel as diagnosticsChannel } from "node:diagnostics_channel";
import {
  adaptersOf,
  type ClusterOptions,
  CompatibleHub,
  clusterAdapters,
  EmitterOperator,
  type LogBroker,
  type LogOptions,
  logAdapters,
  type MakeClusterAdapter,
  type MakeLogAdapter,
  MessageLink,
  resolveClusterOptions,
} from "@sockeye/adapter/cluster";
import type { PostgresClient } from "./clients.ts";
import { PostgresTransport } from "./compatible/postgres-transport.ts";
import { databaseOf } from "./databases.ts";
import { appendingLink, compatibleLink, notifyingLink } from "./emitters.ts";
import { Line } from "./line.ts";
import { LogTable } from "./log/log-table.ts";
import { PostgresLeases } from "./log/postgres-leases.ts";
import { PostgresLog } from "./log/postgres-log.ts";
import {
  type PostgresLogOptions,
  type PostgresOptions,
  resolvePostgresLogOptions,
  resolvePostgresOptions,
} from "./options.ts";
import { PostgresBus } from "./postgres-bus.ts";

export type {
  ClusterOptions,
  LogOptions,
  MakeClusterAdapter,
  MakeLogAdapter,
} from "@sockeye/adapter/cluster";
export type {
  PostgresClient,
  PostgresConnection,
  PostgresNotification,
  PostgresPool,
  PostgresSql,
} from "./clients.ts";
export type { PostgresLogOptions, PostgresOptions, PostgresWire } from "./options.ts";

const points = { channel: diagnosticsChannel };

/**
 * The value of the server's option `adapter`: servers reach each other by notifications of PostgreSQL.
 * @param client a `Pool` of pg 8, or what postgres 3 makes. Each server keeps two connections: of a pool of pg two of its
 * own, one for listening and one for sending
 * @throws TypeError for anything else
 * @throws OptionError when options are wrong
 * @example
 * const pool = new Pool({ connectionString: url });
 * const io = new Server(httpServer, { adapter: createAdapter(pool) });
 */
export function createAdapter(
  client: PostgresClient,
  options: Partial<PostgresOptions & ClusterOptions> = {},
): MakeClusterAdapter {
  const settings = resolvePostgresOptions(options);
  const database = databaseOf(client);
  if (settings.wire === "socket.io") {
    const cluster = resolveClusterOptions(options);
    return adaptersOf(() => {
      const line = new Line(database);
      return new CompatibleHub({
        makeLink: (setUp) =>
          new MessageLink(setUp, new PostgresTransport(line, setUp.nsp, settings)),
        options: cluster,
        points,
      });
    });
  }
  return clusterAdapters(() => new PostgresBus(new Line(database), settings), options, points);
}

/**
 * The value of the server's option `adapter`: servers reach each other by a table of PostgreSQL, which keeps what was sent.
 * With the server's option `connectionStateRecovery`, clients go on with their sessions on any server, also after a crash.
 * @param client a `Pool` of pg 8, or what postgres 3 makes. Each server keeps two connections
 * @throws TypeError for anything else
 * @throws OptionError when options are wrong
 * @example
 * const io = new Server(httpServer, {
 *   adapter: createLogAdapter(new Pool({ connectionString: url })),
 *   connectionStateRecovery: {},
 * });
 */
export function createLogAdapter(
  client: PostgresClient,
  options: Partial<
    PostgresLogOptions & Omit<PostgresOptions, "wire"> & LogOptions & ClusterOptions
  > = {},
): MakeLogAdapter {
  const settings = resolvePostgresOptions({ ...options, wire: "sockeye" });
  const { pollInterval: lookAfter, ...logSettings } = resolvePostgresLogOptions(options);
  const { key, maxPendingBytes } = settings;
  const database = databaseOf(client);
  const table = new LogTable({ ...logSettings, key });
  const makeBroker = (): LogBroker => {
    const line = new Line(database);
    return {
      bus: new PostgresBus(line, settings),
      log: new PostgresLog(line, table, { maxPendingBytes, lookAfter }),
      leases: new PostgresLeases({ query: line.query, table: table.names.sessions, key }),
    };
  };
  return logAdapters(makeBroker, options, points);
}

/** Options of an emitter: those of the servers that it is to reach. */
export interface EmitterOptions extends PostgresOptions, Pick<PostgresLogOptions, "logTableName"> {
  /** Whether the servers use `createLogAdapter`: what is sent is kept then. Default `false`. */
  readonly isLogged: boolean;
}

/**
 * Sends to the clients of all servers, from a process that is none of them.
 * @example
 * const emitter = new Emitter(new Pool({ connectionString: url }));
 * await emitter.to("room").emit("hello", 1);
 */
export class Emitter extends EmitterOperator {
  /**
   * @param client a `Pool` of pg 8, or what postgres 3 makes
   * @param nsp the namespace. Default `/`
   * @throws TypeError for other clients
   * @throws OptionError when options are wrong
   */
  constructor(client: PostgresClient, options: Partial<EmitterOptions> = {}, nsp = "/") {
    const settings = resolvePostgresOptions(options);
    const database = databaseOf(client);
    const name = `emitter ${randomUUID()}`;
    const link =
      options.isLogged === true
        ? appendingLink(
            name,
            database,
            new LogTable({ ...resolvePostgresLogOptions(options), key: settings.key }),
          )
        : settings.wire === "socket.io"
          ? compatibleLink(database, settings)
          : notifyingLink(name, database, settings);
    super(link, { nsp: nsp.startsWith("/") ? nsp : `/${nsp}`, target: {}, flags: {} });
  }
}
