// Leases in a table of PostgreSQL: a row for each, with its holder and its record, until a time by the clock of the database.

import type { Lease, Leases, LeaseWrite, NodeId } from "@sockeye/adapter/cluster";
import type { Query } from "../database.ts";
import { bufferOf } from "../notification.ts";

/** What leases are made of. */
export interface PostgresLeasesSetUp {
  /** Does statements in order. */
  readonly query: Query;
  /** The quoted name of the table. */
  readonly table: string;
  /** Begins the key of every row: that of the cluster. */
  readonly key: string;
}

/** When a lease ends that lasts for so many milliseconds, the parameter of this number. */
const after = (parameter: number): string =>
  `clock_timestamp() + $${parameter}::float8 * interval '1 ms'`;

/** Leases over the connections of a server. */
export class PostgresLeases implements Leases {
  readonly #setUp: PostgresLeasesSetUp;

  constructor(setUp: PostgresLeasesSetUp) {
    this.#setUp = setUp;
  }

  async write({ holder, id, record }: Lease, { by, isNew, lasts }: LeaseWrite): Promise<boolean> {
    const { key, query, table } = this.#setUp;
    const values = [key, id, by, holder, bufferOf(record), lasts];
    const text = isNew
      ? `INSERT INTO ${table} AS l (key, id, holder, record, until)
         SELECT $1, $2, $4, $5::bytea, ${after(6)} WHERE $3::text IS NOT NULL
         ON CONFLICT (key, id) DO UPDATE
           SET holder = EXCLUDED.holder, record = EXCLUDED.record, until = EXCLUDED.until
           WHERE l.holder = $3 OR l.until <= clock_timestamp()
         RETURNING 1`
      : `UPDATE ${table} SET holder = $4, record = $5::bytea, until = ${after(6)}
         WHERE key = $1 AND id = $2 AND holder = $3 AND until > clock_timestamp() RETURNING 1`;
    return (await query(text, values)).length === 1;
  }

  async claim(id: string, by: NodeId, lasts: number): Promise<Lease | null> {
    const { key, query, table } = this.#setUp;
    const [row] = await query(
      `UPDATE ${table} l SET holder = $3, until = ${after(4)}
       FROM (SELECT holder FROM ${table} WHERE key = $1 AND id = $2 AND until > clock_timestamp() FOR UPDATE) former
       WHERE l.key = $1 AND l.id = $2 RETURNING former.holder, l.record`,
      [key, id, by, lasts],
    );
    if (row === undefined) return null;
    return { id, holder: String(row.holder), record: Uint8Array.from(row.record as Uint8Array) };
  }

  async renew(ids: readonly string[], by: NodeId, lasts: number): Promise<readonly string[]> {
    const { key, query, table } = this.#setUp;
    const rows = await query(
      `UPDATE ${table} SET until = ${after(4)}
       WHERE key = $1 AND id = ANY($2::text[]) AND holder = $3 AND until > clock_timestamp() RETURNING id`,
      [key, ids, by, lasts],
    );
    const held = new Set(rows.map((row) => row.id));
    return ids.filter((id) => !held.has(id));
  }

  async remove(id: string, by: NodeId): Promise<void> {
    const { key, query, table } = this.#setUp;
    await query(`DELETE FROM ${table} WHERE key = $1 AND id = $2 AND holder = $3`, [key, id, by]);
  }
}
