// What is used of a pool of `pg`: connections that one holder uses alone.

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
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** @throws TypeError for anything but a pool of `pg` */
export function checkPool(pool: PostgresPool): PostgresPool {
  if (typeof pool?.connect === "function" && typeof pool.on === "function") return pool;
  throw new TypeError("createAdapter takes a Pool of pg");
}
