// What is used of the clients that applications have made: a pool of `pg`, or what `postgres` (postgres.js) makes.

/** A connection of a pool of `pg`. */
export interface PostgresConnection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  on(event: "notification", listener: (message: PostgresNotification) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  release(isBroken?: boolean): void;
}

/** A notification as `pg` passes it. */
export interface PostgresNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** A `Pool` of `pg` 8. */
export interface PostgresPool {
  connect(): Promise<PostgresConnection>;
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** What the function of `postgres` 3 returns: `postgres(url)`. */
export interface PostgresSql {
  unsafe(text: string, values?: never[]): PromiseLike<readonly object[]>;
  listen(
    channel: string,
    onNotify: (text: string) => void,
    onListen?: () => void,
  ): PromiseLike<{ unlisten(): Promise<void> }>;
}

/** A client that an application has made. */
export type PostgresClient = PostgresPool | PostgresSql;
