// The option `outbox`: keeps the events of a socket in a store until the server has acknowledged them. What happens to
// them is in `stored-queue.ts`.

import type { QueueSource } from "../socket-manager.ts";
import { attacher } from "./attach-queue.ts";
import type { EventQueue, OutboxProvider, QueueHost } from "./event-queue.ts";
import { indexedDbStore } from "./indexed-db-store.ts";
import type { Locks } from "./one-sender.ts";
import { resolveOutboxOptions, type StoredOutboxOptions } from "./outbox-options.ts";
import type { OutboxStore } from "./outbox-store.ts";
import { StoredQueue } from "./stored-queue.ts";

/**
 * Keeps the events of a socket in IndexedDB until the server has acknowledged them. Pages of one origin that give the
 * same name share the events: one of them sends. Use a name per server and per user.
 * @throws TypeError for a name that is empty, or an option that has the wrong type
 * @example
 * const socket = io("https://example.com", { outbox: indexedDbOutbox(`orders of ${userId}`) });
 */
export function indexedDbOutbox(name: string, options: StoredOutboxOptions = {}): OutboxProvider {
  return storedOutbox(name, indexedDbStore, options);
}

/**
 * The same over a store of the application's: React Native's AsyncStorage, a file in Node.
 * @param openStore called once for each namespace, with a key made of the name and the namespace
 * @throws TypeError for a name that is empty, or an option that has the wrong type
 * @example
 * const socket = io("https://example.com", { outbox: storedOutbox("orders", () => memoryStore()) });
 */
export function storedOutbox(
  name: string,
  openStore: (key: string) => OutboxStore,
  options: StoredOutboxOptions = {},
): OutboxProvider {
  if (typeof name !== "string" || name === "") throw new TypeError("an outbox needs a name");
  const resolved = resolveOutboxOptions(options);
  // Its queue need not be fetched: without a network, events could not be stored until there is one.
  const provider: OutboxProvider & QueueSource = {
    withQueues: (use) => use(attacher()),
    attach(host: QueueHost): EventQueue {
      const key = `sockeye-outbox:${name}:${host.nsp}`;
      // Looked up loosely: pages without HTTPS, and old browsers, have none.
      const { navigator } = globalThis as { navigator?: { locks?: Locks } };
      const locks = navigator?.locks;
      return new StoredQueue(host, { key, store: openStore(key), locks, options: resolved });
    },
  };
  return provider;
}
