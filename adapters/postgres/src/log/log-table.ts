// A log in a table, as statements: what is asked and what the answers mean. Who asks when is in postgres-log.ts.

import { createHash, randomBytes } from "node:crypto";
import {
  contiguous,
  type EpochEntry,
  type KnownEntry,
  type LogBatch,
  type LogEntry,
  type LogPoint,
} from "@sockeye/adapter/cluster";
import type { Query, Row } from "../database.ts";
import { bufferOf } from "../notification.ts";
import { isThere, type LogNames, namesOf, schemaOf } from "./schema.ts";

/** What of the log is kept. The newest entry always is. */
interface LogLimits {
  readonly maxLen: number;
  readonly maxBytes: number;
  /** In milliseconds. */
  readonly maxAge: number;
}

/** Settings of a log. */
export interface LogTableSettings extends LogLimits {
  readonly key: string;
  /** The table of the log; the names of the others begin with it. */
  readonly logTableName: string;
}

// A page of entries has so many bytes, beside its first entry.
const PAGE_BYTES = 8 * 1024 * 1024;
const TRIM_AT_ONCE = 1000;
// The number of a writer must outlive the time for which it may append the same batch again.
const WRITER_MS = 24 * 3600 * 1000;

/** The statements of a log. */
export class LogTable {
  /** The channel on which appends are notified: the epoch, ":", the last offset. */
  readonly channel: string;
  readonly names: LogNames;
  readonly #settings: LogTableSettings;

  constructor(settings: LogTableSettings) {
    this.#settings = settings;
    this.channel = `${settings.key}#log`;
    this.names = namesOf(settings.logTableName);
  }

  /** Makes what is missing in the database; over `aside`, because other servers may do so, too, and are waited for. */
  async prepare(query: Query, aside: Query = query): Promise<void> {
    const [row] = await query(isThere(this.names));
    if (row?.found !== true) await aside(schemaOf(this.names));
  }

  /** Appends messages; resolves with the position of the last. */
  async append(query: Query, { first, messages, writer }: LogBatch): Promise<LogPoint> {
    const data = bufferOf(joined(messages));
    const lengths = messages.map(({ byteLength }) => byteLength);
    const values = [this.#settings.key, this.channel, writer, first, newEpoch(), data, lengths];
    const [row] = await query(
      `SELECT * FROM ${this.names.append}($1, $2, $3, $4::bigint, $5, $6::bytea, $7::int[])`,
      values,
    );
    return pointOf(row);
  }

  /** Where the log is; it has a new epoch when it has lost something of what is known. */
  async check(query: Query, { epoch }: LogPoint, known: readonly KnownEntry[]): Promise<LogPoint> {
    const offsets = known.map(({ point }) => point.offset);
    const digests = known.map(({ message }) => createHash("sha256").update(message).digest("hex"));
    const values = [this.#settings.key, this.channel, newEpoch(), epoch, offsets, digests];
    const [row] = await query(
      `SELECT * FROM ${this.names.check}($1, $2, $3, $4, $5::bigint[], $6::text[])`,
      values,
    );
    return pointOf(row);
  }

  /** A page of the entries after an offset, up to another one. */
  async page(
    query: Query,
    after: number,
    { limit, until }: { readonly until: number; readonly limit: number },
  ): Promise<EpochEntry[]> {
    const { log } = this.names;
    const rows = await query(
      `SELECT "offset", epoch, message FROM ${log} WHERE key = $1 AND "offset" > $2 AND "offset" <= $3
       AND total <= $5::bigint + (SELECT total FROM ${log}
         WHERE key = $1 AND "offset" > $2 ORDER BY "offset" LIMIT 1)
       ORDER BY "offset" LIMIT $4`,
      [this.#settings.key, after, until, limit, PAGE_BYTES],
    );
    return rows.map(entryOf);
  }

  /** As `Log.read`. */
  async read(
    query: Query,
    after: LogPoint,
    range: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null> {
    if (after.offset >= range.until) return [];
    return contiguous(await this.page(query, after.offset, range), after);
  }

  /** Drops the oldest entries beyond the limits; resolves with whether there may be more. */
  async trim(query: Query): Promise<boolean> {
    const { log, state } = this.names;
    const { key, maxAge, maxBytes, maxLen } = this.#settings;
    // Each limit is exceeded by the oldest alone: those that go are a beginning of the log, for each of the limits.
    // The state comes first: see `schema.ts` on the order of locks.
    const [row] = await query(
      `WITH edge AS (
         SELECT max(l."offset") AS cut
         FROM ${state} s,
           (SELECT "offset", total - length(message) AS before, at FROM ${log} WHERE key = $1 ORDER BY "offset" LIMIT ${TRIM_AT_ONCE}) l
         WHERE s.key = $1 AND l."offset" < s.last AND
           (l."offset" <= s.last - $2::bigint OR l.before < s.total - $3::bigint
             OR l.at < clock_timestamp() - $4::float8 * interval '1 ms')),
       gone AS (DELETE FROM ${log} t USING edge WHERE t.key = $1 AND t."offset" <= edge.cut RETURNING 1)
       SELECT count(*) AS count FROM gone`,
      [key, maxLen, maxBytes, maxAge],
    );
    return Number(row?.count) >= TRIM_AT_ONCE;
  }

  /** Forgets writers and sessions whose time is up. */
  async clean(query: Query): Promise<void> {
    const { sessions, writers } = this.names;
    const { key } = this.#settings;
    await query(`DELETE FROM ${sessions} WHERE key = $1 AND until < clock_timestamp()`, [key]);
    await query(
      `DELETE FROM ${writers} WHERE key = $1 AND at < clock_timestamp() - $2::float8 * interval '1 ms'`,
      [key, WRITER_MS],
    );
  }
}

function newEpoch(): string {
  return randomBytes(6).toString("base64url");
}

/** Whole numbers of 64 bits come as text, unless the application has set another type for them. */
function pointOf(row: Row | undefined): LogPoint {
  return { epoch: String(row?.an_epoch), offset: Number(row?.an_offset) };
}

function entryOf({ epoch, message, offset }: Row): EpochEntry {
  return { epoch: String(epoch), offset: Number(offset), message: message as Uint8Array };
}

function joined(messages: readonly Uint8Array[]): Uint8Array {
  const [only] = messages;
  return only !== undefined && messages.length === 1 ? only : Buffer.concat(messages);
}
