// The storage that outlives the memory of a process: what a host brings.

/** What SQLite takes and returns. */
export type SqlValue = string | number | null | ArrayBuffer;

/** Tables. Every call is done when it returns. */
export interface SqlStorage {
  readonly sql: {
    exec(query: string, ...values: SqlValue[]): Iterable<Record<string, SqlValue>>;
  };
}

/** One alarm, which wakes the process. */
export interface AlarmStorage {
  /** Milliseconds since 1970. */
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}
