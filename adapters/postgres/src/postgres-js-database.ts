// The client `postgres`. It listens on a connection of its own, which it makes anew, and gives each statement any
// connection of its pool, so that a statement here waits for the answer to the one before. A connection of the pool cannot
// be borrowed for long: when the server has ended it, the next statement on it throws outside of any promise.

import type { PostgresSql } from "./clients.ts";
import {
  type ConnectionEvents,
  type Connections,
  type Database,
  inOrder,
  type Query,
  type Row,
  repeated,
} from "./database.ts";

/** It does not say that the server is gone: so often it is asked, in milliseconds. */
const ASK_AFTER = 1000;
/** A channel that brings nothing for so long, though it was asked for again, is given up and listened to anew; in milliseconds. */
const QUIET_FOR = 1000;

/** What `postgres()` has returned. */
export class PostgresJsDatabase implements Database {
  readonly query: Query;
  readonly #sql: PostgresSql;

  constructor(sql: PostgresSql) {
    this.#sql = sql;
    this.query = repeated(async (text, values) => {
      // Its own type knows what a statement takes; here it is any value.
      const rows = await sql.unsafe(
        text,
        values === undefined ? undefined : ([...values] as never[]),
      );
      return rows as readonly Row[];
    });
  }

  async connect({ onLost, onNotification }: ConnectionEvents): Promise<Connections> {
    const sql = this.#sql;
    const { query } = this;
    let isDropped = false;
    const lose = (): void => {
      if (!isDropped) onLost();
    };
    const watched: Query = async (text, values) => {
      try {
        return await query(text, values);
      } catch (error) {
        if (isOfConnection(error)) lose();
        throw error;
      }
    };
    await watched("SELECT 1");
    const subscriptions = new Map<string, () => Promise<void>>();
    /** Channels that were asked to be listened to again, and have brought nothing since: from when on. */
    const quiet = new Map<string, number>();
    const timer = setInterval(() => void watched("SELECT 1").catch(() => {}), ASK_AFTER);
    timer.unref();
    return {
      query: inOrder(watched),
      read: watched,
      aside: watched,
      async listen(channel) {
        const end = subscriptions.get(channel);
        if (end !== undefined) {
          const since = quiet.get(channel) ?? performance.now();
          if (performance.now() - since < QUIET_FOR) {
            quiet.set(channel, since);
            await askListening(sql, channel);
            return;
          }
        }
        // What comes between the two is missing; but nothing has come for a while.
        quiet.delete(channel);
        await end?.();
        let times = 0;
        const { unlisten } = await sql.listen(
          channel,
          (text) => {
            quiet.delete(channel);
            if (!isDropped) onNotification(channel, text);
          },
          () => {
            times += 1;
            // Again, after its connection was lost: what came meanwhile is missing.
            if (times > 1) lose();
          },
        );
        if (isDropped) await unlisten();
        else subscriptions.set(channel, unlisten);
      },
      async unlisten(channel) {
        const end = subscriptions.get(channel);
        subscriptions.delete(channel);
        await end?.();
      },
      drop() {
        if (isDropped) return;
        isDropped = true;
        clearInterval(timer);
        // A connection that is gone has nothing to unlisten.
        for (const unlisten of subscriptions.values()) unlisten().catch(() => {});
      },
    };
  }
}

/** Resolves when the listening connection answers: it listens to another channel for a moment. */
async function askListening(sql: PostgresSql, channel: string): Promise<void> {
  const { unlisten } = await sql.listen(`?${channel}`, () => {});
  await unlisten();
}

/** Errors of the server have five characters, of which the first two are a class: 08 and 57P0 mean that the connection ends. */
function isOfConnection(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code !== "string" || code.length !== 5 || /^(08|57P0)/.test(code);
}
