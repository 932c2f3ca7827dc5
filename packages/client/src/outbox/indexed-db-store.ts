// An outbox's store in IndexedDB: one database per name and namespace. Knows nothing of sockets and of sending.

import type { OutboxStore, StoredEvent } from "./outbox-store.ts";

const EVENTS = "events";
const LEASE = "lease";

interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** The store of that name. It is opened when it is used first; where there is no IndexedDB, every call rejects. */
export function indexedDbStore(name: string): OutboxStore {
  let opened: Promise<IDBDatabase> | undefined;

  const forget = (): void => {
    opened = undefined;
  };
  const database = (): Promise<IDBDatabase> => {
    if (!opened) {
      opened = open(name, forget);
      // Tried again next time.
      opened.catch(forget);
    }
    return opened;
  };

  /** Runs `work` in one transaction, and resolves with the result of its request when the transaction is complete. */
  const transact = async <Result>(
    where: string,
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore) => IDBRequest<Result> | undefined,
  ): Promise<Result | undefined> => {
    const transaction = (await database()).transaction(where, mode);
    const request = work(transaction.objectStore(where));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () =>
        reject(transaction.error ?? new Error("the transaction was aborted"));
    });
  };

  return {
    async load() {
      // Keys are numbers that grow, so events come in the order in which they were put.
      return (await transact<StoredEvent[]>(EVENTS, "readonly", (table) => table.getAll())) ?? [];
    },
    async put(event) {
      await transact(EVENTS, "readwrite", (table) => table.add(event));
    },
    async remove(ids) {
      await transact(EVENTS, "readwrite", (table) => {
        for (const id of ids) {
          const key = table.index("id").getKey(id);
          key.onsuccess = () => {
            if (key.result !== undefined) table.delete(key.result);
          };
        }
        return undefined;
      });
    },
    async lease(owner, ms) {
      let isMine = false;
      await transact<Lease | undefined>(LEASE, "readwrite", (table) => {
        const held = table.get("sender") as IDBRequest<Lease | undefined>;
        held.onsuccess = () => {
          const now = Date.now();
          isMine = !held.result || held.result.owner === owner || held.result.until <= now;
          if (isMine && ms > 0) table.put({ owner, until: now + ms } satisfies Lease, "sender");
          else if (isMine) table.delete("sender");
        };
        return held;
      });
      return isMine;
    },
  };
}

function open(name: string, onGone: () => void): Promise<IDBDatabase> {
  // Where there is no IndexedDB, or it is forbidden, this throws, and the promise is rejected.
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const events = request.result.createObjectStore(EVENTS, { autoIncrement: true });
      events.createIndex("id", "id", { unique: true });
      request.result.createObjectStore(LEASE);
    };
    request.onsuccess = () => {
      const database = request.result;
      // The user deletes it, or another version of this library does: it is opened anew when it is needed.
      database.onversionchange = () => {
        database.close();
        onGone();
      };
      database.onclose = onGone;
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error("the database could not be opened"));
  });
}
