// Sends messages in the form of Socket.IO's adapter for PostgreSQL: JSON in a notification, or MessagePack in a row of a
// table where there are bytes in it, or too many characters, which the notification names.

import { type CompatibleMessage, isPlain } from "@sockeye/adapter/cluster";
import { encodeMsgpack } from "@sockeye/protocol";
import type { Query } from "../database.ts";
import { bufferOf } from "../notification.ts";
import type { PostgresOptions } from "../options.ts";
import type { Sender } from "../outgoing.ts";

/** A message as it is sent. */
export interface WrittenMessage {
  readonly channel: string;
  /** The notification. */
  readonly text: string;
  /** In the table: then the number of its row is put into the notification. */
  readonly row: Uint8Array | null;
}

/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const MAX_INLINE_BYTES = 7900;
/** So often old messages are deleted, in milliseconds. */
const CLEAN_AFTER = 5000;

/** Notifies servers of both kinds. */
export class AttachmentNotifier implements Sender<WrittenMessage> {
  readonly #settings: PostgresOptions;
  #cleanedAt = 0;

  constructor(settings: PostgresOptions) {
    this.#settings = settings;
  }

  /** The channel of a namespace. */
  channelOf(nsp: string): string {
    return `${this.#settings.key}#${nsp}`;
  }

  /** Writes a message. @throws TypeError when it carries values that have no JSON */
  write(message: CompatibleMessage): WrittenMessage {
    const channel = this.channelOf(message.nsp ?? "/");
    const text = isPlain(message.data) ? JSON.stringify(message) : null;
    if (text !== null && Buffer.byteLength(text) <= MAX_INLINE_BYTES) {
      return { channel, text, row: null };
    }
    const { nsp, type, uid } = message;
    return { channel, text: JSON.stringify({ uid, nsp, type }), row: encodeMsgpack(message) };
  }

  size({ row, text }: WrittenMessage): number {
    return row?.byteLength ?? text.length;
  }

  /** Creates the table, as Socket.IO's documents do. */
  async prepare(query: Query, aside: Query = query): Promise<void> {
    const table = this.#settings.tableName;
    const [found] = await query("SELECT to_regclass($1) AS found", [`"${table}"`]);
    if (found?.found !== null) return;
    await aside(
      `SELECT pg_advisory_xact_lock(hashtext('${table}'));
       CREATE TABLE IF NOT EXISTS "${table}"
         (id bigserial UNIQUE, created_at timestamptz DEFAULT now(), payload bytea)`,
    );
  }

  async send(query: Query, batch: readonly WrittenMessage[]): Promise<void> {
    let plain: WrittenMessage[] = [];
    const flush = async (): Promise<void> => {
      if (plain.length === 0) return;
      const [channels, texts] = [
        plain.map(({ channel }) => channel),
        plain.map(({ text }) => text),
      ];
      plain = [];
      const text = "SELECT pg_notify(c, t) FROM unnest($1::text[], $2::text[]) AS n(c, t)";
      await query(text, [channels, texts]);
    };
    for (const each of batch) {
      if (each.row === null && !plain.some(({ text }) => text === each.text)) plain.push(each);
      else {
        await flush();
        if (each.row === null) plain.push(each);
        else await this.#attach(query, each, each.row);
      }
    }
    await flush();
  }

  /** The row and its notification are seen together. */
  async #attach(query: Query, { channel, text }: WrittenMessage, row: Uint8Array): Promise<void> {
    await query(
      `WITH attached AS (
         INSERT INTO "${this.#settings.tableName}" (payload) VALUES ($2::bytea) RETURNING id)
       SELECT pg_notify($1, (jsonb_build_object('attachmentId', id::text) || $3::jsonb)::text) FROM attached`,
      [channel, bufferOf(row), text],
    );
    await this.#clean(query);
  }

  async #clean(query: Query): Promise<void> {
    if (Date.now() - this.#cleanedAt < CLEAN_AFTER) return;
    this.#cleanedAt = Date.now();
    const { messageTimeout, tableName } = this.#settings;
    await query(
      `DELETE FROM "${tableName}" WHERE created_at < now() - $1::float8 * interval '1 ms'`,
      [messageTimeout],
    ).catch(() => {});
  }
}
