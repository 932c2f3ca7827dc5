// `@sockeye/postgres`: servers reach each other through PostgreSQL.

import { channel as diagnosticsChannel } from "node:diagnostics_channel";
import {
  type ClusterOptions,
  clusterAdapters,
  type MakeClusterAdapter,
} from "@sockeye/adapter/cluster";
import { checkPool, type PostgresPool } from "./clients.ts";
import { type PostgresOptions, resolvePostgresOptions } from "./options.ts";
import { PostgresBus } from "./postgres-bus.ts";

export type { ClusterOptions, MakeClusterAdapter } from "@sockeye/adapter/cluster";
export type { PostgresConnection, PostgresNotification, PostgresPool } from "./clients.ts";
export type { PostgresOptions } from "./options.ts";

/**
 * The value of the server's option `adapter`: servers reach each other by notifications of PostgreSQL.
 * @param pool a `Pool` of pg 8. Each server keeps two of its connections, one for listening and one for sending
 * @throws TypeError for anything else
 * @throws OptionError when options are wrong
 * @example
 * const pool = new Pool({ connectionString: url });
 * const io = new Server(httpServer, { adapter: createAdapter(pool) });
 */
export function createAdapter(
  pool: PostgresPool,
  options: Partial<PostgresOptions & ClusterOptions> = {},
): MakeClusterAdapter {
  const settings = resolvePostgresOptions(options);
  const checked = checkPool(pool);
  // An idle connection that fails would otherwise end the process.
  checked.on("error", () => {});
  const points = { channel: diagnosticsChannel };
  return clusterAdapters(() => new PostgresBus(checked, settings), options, points);
}
