// A client of PostgreSQL, as the bus and the log use it, whichever it is.

/** A row of an answer. */
export type Row = Readonly<Record<string, unknown>>;

/** Does one statement, or several without values in one transaction. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** What happens on connections. */
export interface ConnectionEvents {
  onNotification(channel: string, text: string): void;
  /** They are lost, or one of them: the others are to be dropped. May be called again. */
  onLost(): void;
}

/** The connections of one server. */
export interface Connections {
  /** Statements are done one after the other, in their order. */
  readonly query: Query;
  /** Statements that read, beside the others. */
  readonly read: Query;
  /** Statements that take long, on any other connection. */
  readonly aside: Query;
  listen(channel: string): Promise<void>;
  unlisten(channel: string): Promise<void>;
  /** Ends them, with what is under way. Later calls do nothing. */
  drop(): void;
}

/** A client. */
export interface Database {
  /** A statement on any connection. */
  readonly query: Query;
  connect(events: ConnectionEvents): Promise<Connections>;
}

/** What the database has undone, so that it may be done again: a deadlock, and a transaction that could not be put in an order. */
const UNDONE = new Set(["40P01", "40001"]);
const MOST_TIMES = 20;
const LONGEST_PAUSE_MS = 50;

/**
 * Does a statement again that the database has undone. Every statement here is one transaction, of which nothing is left
 * then. After twenty times its error is the caller's.
 */
export function repeated(query: Query): Query {
  return async (text, values) => {
    for (let times = 1; ; times++) {
      try {
        return await query(text, values);
      } catch (error) {
        const { code } = error as { code?: string };
        if (!UNDONE.has(code ?? "") || times === MOST_TIMES) throw error;
        // Not all at the same moment again.
        const pause = Math.random() * Math.min(2 ** times, LONGEST_PAUSE_MS);
        await new Promise<void>((resolve) => void setTimeout(resolve, pause).unref());
      }
    }
  };
}

/** Does statements one after the other. */
export function inOrder(query: Query): Query {
  let last: Promise<unknown> = Promise.resolve();
  return (text, values) => {
    const act = (): Promise<readonly Row[]> => query(text, values);
    const done = last.then(act, act);
    last = done;
    return done;
  };
}
