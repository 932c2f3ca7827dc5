// The known clients, recognised by their methods.

import type { PostgresClient, PostgresPool, PostgresSql } from "./clients.ts";
import type { Database } from "./database.ts";
import { PgDatabase } from "./pg-database.ts";
import { PostgresJsDatabase } from "./postgres-js-database.ts";

/** A client that the application has made. @throws TypeError when it is none of the known ones */
export function databaseOf(client: PostgresClient): Database {
  const { connect, on } = client as Partial<PostgresPool>;
  if (typeof connect === "function" && typeof on === "function") {
    return new PgDatabase(client as PostgresPool);
  }
  const { listen, unsafe } = (client ?? {}) as Partial<PostgresSql>;
  if (typeof listen === "function" && typeof unsafe === "function") {
    return new PostgresJsDatabase(client as PostgresSql);
  }
  throw new TypeError("expected a Pool of pg 8, or what postgres 3 makes");
}
