// Outboxes that outlast the page: `@sockeye/client/outbox`. See docs/outbox.md.

export type {
  EventQueue,
  KeptEvent,
  Outbox,
  OutboxEntry,
  OutboxProvider,
  QueueFlags,
  QueueHost,
} from "./outbox/event-queue.ts";
export type { OutboxError, OutboxErrorCode } from "./outbox/outbox-errors.ts";
export type { StoredOutboxOptions } from "./outbox/outbox-options.ts";
export { memoryStore, type OutboxStore, type StoredEvent } from "./outbox/outbox-store.ts";
export { indexedDbOutbox, storedOutbox } from "./outbox/stored-outbox.ts";
