// Logs and leases in PostgreSQL, for their conformance cases.

import type { LeaseHost, LogHost } from "@sockeye/testkit";
import { databaseOf } from "../../adapters/postgres/src/databases.ts";
import { Line } from "../../adapters/postgres/src/line.ts";
import { LogTable } from "../../adapters/postgres/src/log/log-table.ts";
import { PostgresLeases } from "../../adapters/postgres/src/log/postgres-leases.ts";
import { PostgresLog } from "../../adapters/postgres/src/log/postgres-log.ts";
import { resolvePostgresLogOptions } from "../../adapters/postgres/src/options.ts";
import { postgresClient } from "./programs/adapters.mjs";

let tables = 0;

async function connect(client: string, url: string) {
  const { client: made, end } = await postgresClient({ kind: "", client, url });
  const database = databaseOf(made);
  tables += 1;
  const limits = resolvePostgresLogOptions({ logTableName: `log_${tables}`, maxLen: 1000 });
  const table = new LogTable({ ...limits, key: "log" });
  return { database, end, table };
}

const SETTINGS = { maxPendingBytes: 1 << 26, lookAfter: 50 };

/** A table of its own for each case. */
export function postgresLogHost(client: string, url: () => string): LogHost {
  return {
    name: client,
    async start() {
      const { database, end, table } = await connect(client, url());
      const { log, sessions, state, writers } = table.names;
      const logs: PostgresLog[] = [];
      return {
        makeLog() {
          const made = new PostgresLog(new Line(database), table, SETTINGS);
          logs.push(made);
          return made;
        },
        async trim(count) {
          const newest = `(SELECT "offset" FROM ${log} ORDER BY "offset" DESC LIMIT ${count})`;
          await database.query(`DELETE FROM ${log} WHERE "offset" NOT IN ${newest}`);
        },
        async lose() {
          // In the order in which the log locks them.
          await database.query(`TRUNCATE ${state}, ${writers}, ${log}, ${sessions}`);
        },
        async [Symbol.asyncDispose]() {
          for (const each of logs) each.close();
          await end();
        },
      };
    },
  };
}

/** Leases of one server. */
export function postgresLeaseHost(client: string, url: () => string): LeaseHost {
  return {
    name: client,
    async start() {
      const { database, end, table } = await connect(client, url());
      const line = new Line(database);
      const user = {
        channels: [],
        prepare: () => table.prepare(database.query),
        onNotification() {},
        onUp() {},
        onDown() {},
      };
      await line.join(user);
      return {
        leases: new PostgresLeases({ query: line.query, table: table.names.sessions, key: "log" }),
        elapse: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
        async [Symbol.asyncDispose]() {
          line.leave(user);
          await end();
        },
      };
    },
  };
}
