// The contract between a socket and a queue that keeps its events until the server has acknowledged them, and what
// applications see of both. Two queues fulfil it: `retry-queue.ts` in memory, `stored-queue.ts` over a store.

import type { AckCallback } from "../ack-callback.ts";

/** An event that waits to be sent, or to be acknowledged. */
export interface OutboxEntry {
  /** Identifies the event. Of an event in a store, the server sees the same id. */
  readonly id: string;
  /** Name of the event. */
  readonly event: string;
  /** Arguments of the event, without the acknowledgement callback. */
  readonly args: readonly unknown[];
  /** When it was emitted, as `Date.now()` gives it. */
  readonly keptAt: number;
  /** Whether the event would outlast the page: it is in a store. */
  readonly isStored: boolean;
}

/** An event as a queue lists it. */
export interface KeptEvent {
  readonly id: string;
  /** Name and arguments of the event. */
  readonly data: readonly unknown[];
  readonly keptAt: number;
  readonly isStored?: boolean;
}

/** The events of one socket that are not yet sent, or not yet acknowledged where they are sent until they are. */
export interface Outbox {
  /**
   * How many events are kept. Most of them: `maxSendBufferLength`.
   * @example if (socket.outbox.size > 0) banner.textContent = `${socket.outbox.size} messages wait`;
   */
  readonly size: number;
  /**
   * The events that are kept, in the order in which they are sent.
   * @example for (const { event, keptAt } of socket.outbox.list()) console.log(event, new Date(keptAt));
   */
  list(): OutboxEntry[];
  /**
   * Forgets all events that are kept, in a store as well. Acknowledgements fail with an error whose `code` is
   * `ERR_OUTBOX_CLEARED`. An event that is already on its way may reach the server nonetheless.
   * @example logout.onclick = () => socket.outbox.clear();
   */
  clear(): void;
}

/** How an event is sent. */
export interface QueueFlags {
  readonly compress?: boolean;
  /** Milliseconds that one try may take. */
  readonly timeout?: number | undefined;
}

/** What a queue asks of its socket. */
export interface QueueHost {
  /** Name of the namespace. */
  readonly nsp: string;
  /** How often an event is sent again; `undefined` when the application has not said. */
  readonly retries: number | undefined;
  /** Most milliseconds that the answer to one try may take; `undefined` when the application has not said. */
  readonly ackTimeout: number | undefined;
  /** Most events that are kept. */
  maxEvents(): number;
  /** Whether events can be sent now; without that, they stay in the queue. */
  canSend(): boolean;
  /**
   * The frames of an event.
   * @throws TypeError when it cannot be encoded
   */
  encode(data: readonly unknown[]): readonly unknown[];
  /**
   * Sends one event, the last of whose arguments is called with its acknowledgement.
   * @throws TypeError when it cannot be encoded; its acknowledgement is not called
   */
  send(data: unknown[], flags: QueueFlags): void;
}

/** The events of one socket that are sent until they are acknowledged. */
export interface EventQueue {
  readonly size: number;
  /**
   * Takes an event. `data` begins with its name; `onAnswer` is called with an error or the answer, once.
   * @returns whether it was taken: not when the queue is full
   * @throws TypeError for data that cannot be sent or kept
   */
  add(data: readonly unknown[], flags: QueueFlags, onAnswer: AckCallback | undefined): boolean;
  /** The socket has connected, perhaps again. */
  resume(): void;
  /** The events that are kept, in the order in which they are sent. */
  list(): readonly KeptEvent[];
  /** Forgets everything; each acknowledgement fails with `error`. */
  clear(error: Error): void;
}

/** Makes the queues of sockets: the option `outbox`. */
export interface OutboxProvider {
  /** Makes the queue of one socket. */
  attach(host: QueueHost): EventQueue;
}
