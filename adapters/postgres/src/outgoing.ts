// What a node sends: one statement at a time on one connection, and all that waits in the next one.

import { clusterError } from "@sockeye/adapter/cluster";
import type { Query } from "./database.ts";
import { bufferOf, MAX_INLINE_BYTES, writeNotification } from "./notification.ts";
import type { PostgresOptions } from "./options.ts";

/** A message on its way. */
export interface Sent {
  readonly channel: string;
  readonly message: Uint8Array;
  readonly isEchoed: boolean;
}

interface Waiting extends Sent {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Most messages in one statement. */
const BATCH = 500;
/** So often old messages are deleted, in milliseconds. */
const CLEAN_AFTER = 5000;

/** Sends in order; bounded. */
export class Outgoing {
  readonly #node: string;
  readonly #settings: PostgresOptions;
  #query: Query | null = null;
  #waiting: Waiting[] = [];
  #pendingBytes = 0;
  #isSending = false;
  #sent = 0;
  #cleanedAt = 0;

  constructor(node: string, settings: PostgresOptions) {
    this.#node = node;
    this.#settings = settings;
  }

  /** Creates the table. A lock, because two servers that create it at once fail otherwise. */
  async prepare(query: Query, aside: Query = query): Promise<void> {
    const table = this.#settings.tableName;
    const [row] = await query("SELECT to_regclass($1) AS found", [`"${table}"`]);
    if (row?.found !== null) return;
    await aside(
      `SELECT pg_advisory_xact_lock(hashtext('${table}'));
       CREATE UNLOGGED TABLE IF NOT EXISTS "${table}"
         (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), payload bytea NOT NULL)`,
    );
  }

  start(query: Query): void {
    this.#query = query;
    void this.#work(query);
  }

  /** What waits is refused. */
  stop(): void {
    this.#query = null;
    for (const each of this.#waiting.splice(0)) each.reject(clusterError("ERR_BUS_DOWN"));
  }

  async add(one: Sent): Promise<void> {
    const limit = this.#settings.maxPendingBytes;
    const { byteLength } = one.message;
    const query = this.#query;
    if (query === null) throw clusterError("ERR_BUS_DOWN");
    if (this.#pendingBytes + byteLength > limit) throw clusterError("ERR_BUS_FULL", limit);
    this.#pendingBytes += byteLength;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ ...one, resolve, reject });
        void this.#work(query);
      });
    } finally {
      this.#pendingBytes -= byteLength;
    }
  }

  async #work(query: Query): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#query === query && this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await this.#sendBatch(query, batch);
        for (const each of batch) each.resolve();
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    this.#isSending = false;
    // A new connection may have come while the old one failed.
    const current = this.#query;
    if (current !== null && this.#waiting.length > 0) void this.#work(current);
  }

  async #sendBatch(query: Query, batch: readonly Waiting[]): Promise<void> {
    const channels: string[] = [];
    const texts: string[] = [];
    const ids: string[] = [];
    const payloads: string[] = [];
    for (const { channel, isEchoed, message } of batch) {
      this.#sent += 1;
      const head = { node: this.#node, isEchoed, number: this.#sent };
      const isLong = message.byteLength > MAX_INLINE_BYTES;
      channels.push(channel);
      texts.push(writeNotification(head, isLong ? null : message));
      if (!isLong) continue;
      ids.push(`${this.#node}:${this.#sent}`);
      // As text: not every client takes a list of bytes.
      payloads.push(bufferOf(message).toString("base64"));
    }
    const table = this.#settings.tableName;
    if (ids.length > 0) {
      // Before the notifications, and kept when they are seen.
      await query(
        `INSERT INTO "${table}" (id, payload)
         SELECT i, decode(p, 'base64') FROM unnest($1::text[], $2::text[]) AS n(i, p)`,
        [ids, payloads],
      );
    }
    await query("SELECT pg_notify(c, t) FROM unnest($1::text[], $2::text[]) AS n(c, t)", [
      channels,
      texts,
    ]);
    if (ids.length > 0) await this.#clean(query);
  }

  async #clean(query: Query): Promise<void> {
    if (Date.now() - this.#cleanedAt < CLEAN_AFTER) return;
    this.#cleanedAt = Date.now();
    await query(
      `DELETE FROM "${this.#settings.tableName}" WHERE at < now() - $1 * interval '1 ms'`,
      [this.#settings.messageTimeout],
    ).catch(() => {});
  }
}
