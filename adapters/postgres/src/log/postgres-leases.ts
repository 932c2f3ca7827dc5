// Leases in a table of PostgreSQL: a row for each, with its holder and its record, until a time by the clock of the
// database. One statement at a time, in the order in which they were asked for; writings that wait are one statement, and so
// are claims, because many sessions begin at once where a node has died.

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

/** A writing that waits. */
interface Writing {
  readonly lease: Lease;
  readonly how: LeaseWrite;
  readonly resolve: (isWritten: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Claims that wait, of one node and for one time, by lease. */
interface Claims {
  readonly by: NodeId;
  readonly lasts: number;
  readonly waiting: Map<string, Claim>;
}

interface Claim {
  readonly resolve: (lease: Lease | null) => void;
  readonly reject: (error: unknown) => void;
}

const AT_ONCE = 200;

/** Leases over the connections of a server. */
export class PostgresLeases implements Leases {
  readonly #setUp: PostgresLeasesSetUp;
  /** Writings of one node to several leases, which nothing has been asked for after. */
  #next: Map<string, Writing> | null = null;
  /** Claims after which nothing has been asked for. */
  #claims: Claims | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(setUp: PostgresLeasesSetUp) {
    this.#setUp = setUp;
  }

  write(lease: Lease, how: LeaseWrite): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const [first] = this.#next?.values() ?? [];
      const isFitting = first?.how.by === how.by && !this.#next?.has(lease.id);
      this.#claims = null;
      if (this.#next === null || !isFitting || this.#next.size === AT_ONCE) {
        const batch = new Map<string, Writing>();
        this.#next = batch;
        void this.#inTurn(() => this.#writeAll(batch));
      }
      this.#next.set(lease.id, { lease, how, resolve, reject });
    });
  }

  claim(id: string, by: NodeId, lasts: number): Promise<Lease | null> {
    return new Promise((resolve, reject) => {
      let claims = this.#claims;
      const isFitting = claims?.by === by && claims.lasts === lasts && !claims.waiting.has(id);
      if (claims === null || !isFitting || claims.waiting.size === AT_ONCE) {
        const begun: Claims = { by, lasts, waiting: new Map() };
        void this.#after(() => this.#claimAll(begun));
        this.#claims = begun;
        claims = begun;
      }
      claims.waiting.set(id, { resolve, reject });
    });
  }

  renew(ids: readonly string[], by: NodeId, lasts: number): Promise<readonly string[]> {
    const { key, query, table } = this.#setUp;
    return this.#after(async () => {
      const rows = await query(
        `UPDATE ${table} SET until = clock_timestamp() + $4::float8 * interval '1 ms'
         WHERE key = $1 AND id = ANY($2::text[]) AND holder = $3 AND until > clock_timestamp()
         RETURNING id`,
        [key, ids, by, lasts],
      );
      const held = new Set(rows.map((row) => row.id));
      return ids.filter((id) => !held.has(id));
    });
  }

  async remove(id: string, by: NodeId): Promise<void> {
    const { key, query, table } = this.#setUp;
    const text = `DELETE FROM ${table} WHERE key = $1 AND id = $2 AND holder = $3`;
    await this.#after(() => query(text, [key, id, by]));
  }

  /** Does something after all that was asked for until now. */
  #after<T>(act: () => Promise<T>): Promise<T> {
    this.#next = null;
    this.#claims = null;
    return this.#inTurn(act);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act, act);
    this.#last = done.catch(() => {});
    return done;
  }

  async #claimAll(claims: Claims): Promise<void> {
    if (this.#claims === claims) this.#claims = null;
    const { key, query, table } = this.#setUp;
    const { by, lasts, waiting } = claims;
    try {
      const rows = await query(
        `WITH former AS (
           SELECT id, holder FROM ${table}
           WHERE key = $1 AND id = ANY($2::text[]) AND until > clock_timestamp() ORDER BY id FOR UPDATE)
         UPDATE ${table} l SET holder = $3, until = clock_timestamp() + $4::float8 * interval '1 ms'
         FROM former WHERE l.key = $1 AND l.id = former.id
         RETURNING l.id, former.holder, l.record`,
        [key, [...waiting.keys()], by, lasts],
      );
      const found = new Map(rows.map((row) => [String(row.id), row]));
      for (const [id, { resolve }] of waiting) {
        const row = found.get(id);
        const record = (): Uint8Array => Uint8Array.from(row?.record as Uint8Array);
        resolve(row === undefined ? null : { id, holder: String(row.holder), record: record() });
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error);
    }
  }

  async #writeAll(batch: ReadonlyMap<string, Writing>): Promise<void> {
    if (this.#next === batch) this.#next = null;
    const all = [...batch.values()];
    const { key, query, table } = this.#setUp;
    const values = [
      key,
      all[0]?.how.by,
      [...batch.keys()],
      all.map(({ lease }) => lease.holder),
      all.map(({ lease }) => bufferOf(lease.record).toString("base64")),
      all.map(({ how }) => how.lasts),
      // Numbers: not every client takes a list of booleans.
      all.map(({ how }) => (how.isNew ? 1 : 0)),
    ];
    try {
      const rows = await query(
        `WITH given AS (
           SELECT id, holder, decode(record, 'base64') AS record, is_new = 1 AS is_new,
             clock_timestamp() + lasts * interval '1 ms' AS until
           FROM unnest($3::text[], $4::text[], $5::text[], $6::float8[], $7::int[])
             AS g(id, holder, record, lasts, is_new)),
         made AS (
           INSERT INTO ${table} AS l (key, id, holder, record, until)
           SELECT $1, id, holder, record, until FROM given WHERE is_new ORDER BY id
           ON CONFLICT (key, id) DO UPDATE
             SET holder = EXCLUDED.holder, record = EXCLUDED.record, until = EXCLUDED.until
             WHERE l.holder = $2 OR l.until <= clock_timestamp()
           RETURNING id),
         changed AS (
           UPDATE ${table} l SET holder = g.holder, record = g.record, until = g.until FROM given g
           WHERE NOT g.is_new AND l.key = $1 AND l.id = g.id AND l.holder = $2
             AND l.until > clock_timestamp()
           RETURNING l.id)
         SELECT id FROM made UNION ALL SELECT id FROM changed`,
        values,
      );
      const written = new Set(rows.map((row) => row.id));
      for (const [id, { resolve }] of batch) resolve(written.has(id));
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }
}
