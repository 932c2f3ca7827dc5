// Where a stored outbox puts its events: the interface that any storage can fulfil, and one in memory for tests.

/** An event as it is stored. All of it is plain data, and bytes. */
export interface StoredEvent {
  /** Unique, and the same over retries and reloads: `<16 characters of one page>.<number of the event in it>`. */
  readonly id: string;
  /** Name and arguments of the event. */
  readonly data: readonly unknown[];
  /** When it was emitted, as `Date.now()` gives it. */
  readonly keptAt: number;
  /** Bytes of its frames. */
  readonly bytes: number;
  /** Whether it may be compressed. */
  readonly compress: boolean;
}

/**
 * Stores events. Calls may overlap; they have to take effect in the order in which they were made. A method that fails
 * rejects: the outbox then keeps the event in memory, and reports it to `onProblem`.
 */
export interface OutboxStore {
  /** All events, those first that were put first. */
  load(): Promise<readonly StoredEvent[]>;
  /** Adds an event behind the others. Resolves when it would outlast the page. */
  put(event: StoredEvent): Promise<void>;
  /** Removes events; ids that are unknown are ignored. */
  remove(ids: readonly string[]): Promise<void>;
  /**
   * Where several pages or processes share the storage and there are no Web Locks: takes or renews the right to send,
   * for `ms` milliseconds from now, or gives it back when `ms` is 0. Resolves with whether `owner` has it.
   */
  lease?(owner: string, ms: number): Promise<boolean>;
}

/** A store that forgets everything with the page: for tests, and as a pattern. Events are copied, as by real storage. */
export function memoryStore(): OutboxStore {
  const events: Map<string, StoredEvent> = new Map();
  return {
    async load() {
      return [...events.values()].map((event) => structuredClone(event));
    },
    async put(event) {
      events.set(event.id, structuredClone(event));
    },
    async remove(ids) {
      for (const id of ids) events.delete(id);
    },
  };
}
