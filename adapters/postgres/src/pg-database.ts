// A pool of `pg`. A server borrows two of its connections: one listens and reads, the other does everything else, in order.

import type { PostgresConnection, PostgresPool } from "./clients.ts";
import {
  type ConnectionEvents,
  type Connections,
  type Database,
  inOrder,
  type Query,
  type Row,
  repeated,
} from "./database.ts";

/** A pool. */
export class PgDatabase implements Database {
  readonly query: Query;
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    this.query = queryOf(pool);
    // An idle connection that fails would otherwise end the process.
    pool.on("error", () => {});
  }

  async connect({ onLost, onNotification }: ConnectionEvents): Promise<Connections> {
    let isDropped = false;
    const borrow = async (): Promise<PostgresConnection> => {
      const connection = await this.#pool.connect();
      const lose = (): void => {
        if (!isDropped) onLost();
      };
      // An error without a listener ends the process.
      connection.on("error", lose);
      connection.on("end", lose);
      return connection;
    };
    const reading = await borrow();
    const working = await borrow().catch((error: unknown) => {
      reading.release(true);
      throw error;
    });
    reading.on("notification", ({ channel, payload }) => {
      if (!isDropped) onNotification(channel, payload ?? "");
    });
    // A connection of pg 9 takes one statement at a time.
    const read = inOrder(queryOf(reading));
    return {
      query: inOrder(queryOf(working)),
      read,
      aside: this.query,
      async listen(channel) {
        await read(`LISTEN ${quoted(channel)}`);
      },
      async unlisten(channel) {
        await read(`UNLISTEN ${quoted(channel)}`);
      },
      drop() {
        if (isDropped) return;
        isDropped = true;
        // Not for others: they have our listeners and subscriptions.
        for (const each of [reading, working]) each.release(true);
      },
    };
  }
}

function queryOf(of: Pick<PostgresPool, "query">): Query {
  return repeated(async (text, values) => {
    const { rows } = await of.query(text, values === undefined ? undefined : [...values]);
    return rows as Row[];
  });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
