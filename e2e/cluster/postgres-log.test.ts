// What is particular to the log in PostgreSQL: its bounds, tables that are emptied or dropped, and statements that the
// database undoes.

import { LogListener } from "@sockeye/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseOf } from "../../adapters/postgres/src/databases.ts";
import { Line } from "../../adapters/postgres/src/line.ts";
import { LogTable } from "../../adapters/postgres/src/log/log-table.ts";
import { PostgresLeases } from "../../adapters/postgres/src/log/postgres-leases.ts";
import { PostgresLog } from "../../adapters/postgres/src/log/postgres-log.ts";
import { resolvePostgresLogOptions } from "../../adapters/postgres/src/options.ts";
import { PostgresServer } from "./postgres-server.ts";
import { postgresClient } from "./programs/adapters.mjs";

let postgres: PostgresServer | null = null;

beforeAll(async () => {
  if (PostgresServer.isThere) postgres = await PostgresServer.start();
});

afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

const noServer = "there is no PostgreSQL on this machine";
const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);
let tables = 0;

interface OpenSettings {
  readonly client?: string;
  /** Settings of the server for these connections. */
  readonly set?: string;
  /** The number of a table that is there. */
  readonly at?: number;
}

/** A log with a table of its own, and a reader. */
async function open(limits: object = {}, { at, client: kind = "pg", set = "" }: OpenSettings = {}) {
  const url = `${postgres?.url ?? ""}${set === "" ? "" : `?options=-c%20${set}`}`;
  const { client, end } = await postgresClient({ kind: "", client: kind, url });
  const { query } = databaseOf(client);
  if (at === undefined) tables += 1;
  const options = resolvePostgresLogOptions({ logTableName: `own_${at ?? tables}`, ...limits });
  const table = new LogTable({ ...options, key: "own" });
  const line = new Line(databaseOf(client));
  const log = new PostgresLog(line, table, { maxPendingBytes: 1 << 24, lookAfter: 50 });
  const listener = new LogListener();
  const start = await log.open(listener);
  let first = 1;
  return {
    ...{ listener, log, query, start, table, number: tables },
    append(...messages: Uint8Array[]) {
      const batch = { writer: "writer", first, messages };
      first += messages.length;
      return log.append(batch);
    },
    async offsets(): Promise<number[]> {
      const rows = await query(`SELECT "offset" FROM ${table.names.log} ORDER BY "offset"`);
      return rows.map((row) => Number(row.offset));
    },
    async [Symbol.asyncDispose]() {
      log.close();
      await end();
    },
  };
}

describe("bounds", () => {
  const bounds = [
    { title: "a number of messages", limits: { maxLen: 3 }, left: [8, 9, 10] },
    { title: "a number of bytes", limits: { maxBytes: 2048 }, left: [9, 10] },
    { title: "an age; the newest message is always kept", limits: { maxAge: 1000 }, left: [10] },
  ];

  test.for(bounds)("LG5 a log is kept within $title", async ({ left, limits }, { skip }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open(limits);
    await one.append(...Array.from({ length: 10 }, () => bytes(1000)));
    const { log } = one.table.names;
    if ("maxAge" in limits) await one.query(`UPDATE ${log} SET at = at - interval '2 s'`);
    // Once a second.
    await expect.poll(() => one.offsets(), { timeout: 8000 }).toEqual(left);
    const { epoch } = one.start;
    const range = { until: 10, limit: 100 };
    expect(await one.log.read({ epoch, offset: 0 }, range)).toBeNull();
    expect(await one.log.read({ epoch, offset: (left[0] ?? 0) - 1 }, range)).toHaveLength(
      left.length,
    );
  });

  test("LG4 a page ends at so many bytes, and the rest is read all the same", async ({ skip }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open();
    const sizes = [5_000_000, 5_000_000, 5_000_000, 1];
    for (const size of sizes) await one.append(bytes(size));
    const { epoch } = one.start;
    const page = await one.log.read({ epoch, offset: 0 }, { until: 4, limit: 100 });
    expect(page?.map(({ offset }) => offset)).toEqual([1, 2]);
    const read: number[] = [];
    while (read.length < sizes.length) read.push((await one.listener.next()).message.byteLength);
    expect(read).toEqual(sizes);
  });
});

describe("tables", () => {
  test.for([
    { title: "emptied, and the state is left", lose: (log: string) => `TRUNCATE ${log}` },
    { title: "deleted from, newest first", lose: (log: string) => `DELETE FROM ${log}` },
  ])(
    "LG7 the table of the log is $title: every node is told, and the log goes on",
    async ({ lose }, { skip }) => {
      if (postgres === null) return skip(noServer);
      await using one = await open();
      await one.append(bytes(1), bytes(2));
      await one.listener.texts(2);
      await one.query(lose(one.table.names.log));
      const { epoch } = await one.listener.breaks.next();
      expect(epoch).not.toBe(one.start.epoch);
      const point = await one.append(bytes(3));
      expect(point.epoch).toBe(epoch);
      expect((await one.listener.next()).offset).toBe(point.offset);
    },
  );

  test("LG7 tables and functions that were dropped are made again, and every node is told", async ({
    skip,
  }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open();
    await one.append(bytes(1));
    await one.listener.texts(1);
    const { append, check, log, sessions, state, writers } = one.table.names;
    await one.query(
      `DROP TABLE ${state}, ${writers}, ${log}, ${sessions}; DROP FUNCTION ${append}, ${check}`,
    );
    const { epoch } = await one.listener.breaks.next();
    expect(epoch).not.toBe(one.start.epoch);
    await expect.poll(() => one.append(bytes(2)).catch(() => null)).toMatchObject({ epoch });
    // It says so after its first reading.
    await expect.poll(() => one.listener.states).toEqual(["down", "up"]);
  });

  test("LG2 offsets are in the order of commits, whoever appends at once", async ({ skip }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open();
    const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    await Promise.all(
      writers.map(async (writer) => {
        for (let first = 1; first <= 20; first++) {
          await one.table.append(one.query, { writer, first, messages: [bytes(first)] });
        }
      }),
    );
    const read: number[] = [];
    while (read.length < 160) read.push((await one.listener.next()).offset);
    expect(read).toEqual(Array.from({ length: 160 }, (_, index) => index + 1));
    expect(one.listener.breaks.unread).toEqual([]);
  });
});

describe("leases", () => {
  test("LS6 claims that wait are one statement, each with its own answer", async ({ skip }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open();
    let statements = 0;
    const query: typeof one.query = (text, values) => {
      statements += 1;
      return one.query(text, values);
    };
    const table = one.table.names.sessions;
    const leases = new PostgresLeases({ query, table, key: "own" });
    const ids = Array.from({ length: 60 }, (_, index) => `session ${index}`);
    const write = { by: "former", isNew: true, lasts: 60_000 };
    await Promise.all(
      ids.map((id, at) => leases.write({ id, holder: "former", record: bytes(at + 1) }, write)),
    );
    statements = 0;
    const claimed = await Promise.all(
      [...ids, "unknown"].map((id) => leases.claim(id, "next", 60_000)),
    );
    expect(claimed.at(-1)).toBeNull();
    expect(claimed.slice(0, -1)).toEqual(
      ids.map((id, at) => ({ id, holder: "former", record: bytes(at + 1) })),
    );
    expect(statements).toBeLessThanOrEqual(2);
    // What is asked for between two claims of one lease is done between them.
    const [first, , second] = await Promise.all([
      leases.claim("session 0", "third", 60_000),
      leases.write(
        { id: "session 0", holder: "third", record: bytes(9) },
        { ...write, by: "third" },
      ),
      leases.claim("session 0", "fourth", 60_000),
    ]);
    expect([first?.holder, second?.holder]).toEqual(["next", "third"]);
    expect(second?.record).toEqual(bytes(9));
  });
});

describe("statements that the database undoes", () => {
  test("LG3 an append that ends in a deadlock is done again", async ({ skip }) => {
    if (postgres === null) return skip(noServer);
    await using one = await open();
    await one.append(bytes(1));
    const { log, state } = one.table.names;
    const { Pool } = await import("pg");
    const pool = new Pool({ connectionString: postgres.url });
    const other = await pool.connect();
    // Only the append looks for deadlocks in time.
    await other.query("SET deadlock_timeout = '1h'");
    await other.query(`BEGIN; LOCK TABLE ${log} IN ACCESS EXCLUSIVE MODE`);
    const appended = one.append(bytes(2));
    const waits =
      "SELECT count(*) AS count FROM pg_locks WHERE NOT granted AND relation = $1::regclass";
    // The append has the row of the state, and waits for the log.
    const waiting = async (): Promise<number> => {
      const { rows } = await pool.query(`${waits} AND mode = 'RowExclusiveLock'`, [log]);
      return Number(rows[0].count);
    };
    await expect.poll(waiting).toBe(1);
    await other.query(`LOCK TABLE ${state} IN ACCESS EXCLUSIVE MODE; COMMIT`);
    await expect(appended).resolves.toMatchObject({ offset: 2 });
    other.release();
    await pool.end();
  });

  test.for(["pg", "postgres"])(
    "LG3 appends at once reach the log where transactions are serializable, over %s",
    async (client, { skip }) => {
      if (postgres === null) return skip(noServer);
      await using one = await open({}, { client });
      const set = "default_transaction_isolation=serializable";
      const nodes = await Promise.all(
        Array.from({ length: 3 }, () => open({}, { client, set, at: one.number })),
      );
      await Promise.all(
        nodes.map(async ({ table, query }, node) => {
          for (let first = 1; first <= 5; first++) {
            await table.append(query, { writer: `writer ${node}`, first, messages: [bytes(node)] });
          }
        }),
      );
      const read: number[] = [];
      while (read.length < 15) read.push((await one.listener.next()).offset);
      expect(read).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  );
});
