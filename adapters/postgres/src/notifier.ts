// Sends the messages of a bus as notifications. What is too long for one is put into a table first, before the notifications
// and kept when they are seen; its rows are deleted when their time is up.

import type { Query } from "./database.ts";
import { bufferOf, MAX_INLINE_BYTES, writeNotification } from "./notification.ts";
import type { PostgresOptions } from "./options.ts";
import type { Sender } from "./outgoing.ts";

/** A message on its way. */
export interface Sent {
  readonly channel: string;
  readonly message: Uint8Array;
  readonly isEchoed: boolean;
}

/** So often old messages are deleted, in milliseconds. */
const CLEAN_AFTER = 5000;

/** Notifies the other nodes. */
export class Notifier implements Sender<Sent> {
  readonly #node: string;
  readonly #settings: PostgresOptions;
  #sent = 0;
  #cleanedAt = 0;

  constructor(node: string, settings: PostgresOptions) {
    this.#node = node;
    this.#settings = settings;
  }

  size({ message }: Sent): number {
    return message.byteLength;
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

  async send(query: Query, batch: readonly Sent[]): Promise<void> {
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
    if (ids.length > 0) {
      await query(
        `INSERT INTO "${this.#settings.tableName}" (id, payload)
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
    const { messageTimeout, tableName } = this.#settings;
    await query(`DELETE FROM "${tableName}" WHERE at < now() - $1 * interval '1 ms'`, [
      messageTimeout,
    ]).catch(() => {});
  }
}
