// A page with a stored outbox, without a socket: the test connects it, and plays the server.

import type { AckCallback } from "../src/ack-callback.ts";
import type { EventQueue, QueueHost } from "../src/outbox/event-queue.ts";
import type { Locks } from "../src/outbox/one-sender.ts";
import { resolveOutboxOptions, type StoredOutboxOptions } from "../src/outbox/outbox-options.ts";
import type { OutboxStore } from "../src/outbox/outbox-store.ts";
import { StoredQueue } from "../src/outbox/stored-queue.ts";

/** How a page is opened. */
export interface PagePlan extends StoredOutboxOptions {
  /** The same for pages that share a store. */
  readonly key: string;
  readonly store: OutboxStore;
  readonly locks?: Locks;
  readonly isConnected?: boolean;
  readonly maxEvents?: number;
  readonly retries?: number;
}

/** One page. */
export interface OutboxPage {
  readonly queue: EventQueue;
  /** What the server has got: names of events, and their arguments. */
  readonly got: unknown[][];
  /** What the page was notified of. */
  readonly heard: unknown[][];
  connect(): void;
  /** The connection is lost: what is in flight fails. */
  disconnect(): void;
  /** The server acknowledges what is in flight. */
  answer(...values: unknown[]): void;
  /** The time for an answer is up. */
  expire(): void;
  /** The page ends without notice: it sends nothing more, and releases its locks. */
  crash(): void;
  emit(event: string, ...args: unknown[]): boolean;
}

/** Locks like the platform's, of all pages of a test. `release` ends those of a page that has crashed. */
export interface FakeLocks {
  of(page: object): Locks;
  release(page: object): void;
}

/** Makes locks: first come, first served. */
export function fakeLocks(): FakeLocks {
  const last: Map<string, Promise<void>> = new Map();
  const releases: Map<object, () => void> = new Map();
  return {
    of: (page) => ({
      request(name, work) {
        const crashed = new Promise<void>((resolve) => releases.set(page, resolve));
        const before = last.get(name) ?? Promise.resolve();
        const done = before.then(() => Promise.race([work(), crashed]));
        last.set(
          name,
          done.catch(() => {}),
        );
        return done;
      },
    }),
    release: (page) => releases.get(page)?.(),
  };
}

/** Opens a page. Without `autoAnswer`, the test answers each event. */
export function openPage(plan: PagePlan, autoAnswer = false): OutboxPage {
  const { key, store, locks, maxEvents = 100, retries, ...options } = plan;
  const got: unknown[][] = [];
  const heard: unknown[][] = [];
  let inFlight: AckCallback | undefined;
  let isConnected = plan.isConnected ?? false;
  const settle = (...answer: Parameters<AckCallback>): void => {
    const callback = inFlight;
    inFlight = undefined;
    callback?.(...answer);
  };
  const host: QueueHost = {
    nsp: "/",
    retries,
    ackTimeout: undefined,
    maxEvents: () => maxEvents,
    canSend: () => isConnected,
    encode: (data) => [JSON.stringify(data)],
    send(data) {
      const callback = data.pop() as AckCallback;
      if (data[0] === "unsendable") throw new TypeError("cannot be encoded");
      got.push(data);
      inFlight = callback;
      if (autoAnswer) queueMicrotask(() => settle(null, "ok"));
    },
  };
  const queue = new StoredQueue(host, {
    key,
    store,
    locks,
    options: resolveOutboxOptions({
      onLoaded: (entries) => heard.push(["loaded", ...entries.map(({ event }) => event)]),
      onAcknowledged: ({ event }, ...answer) => heard.push(["acknowledged", event, ...answer]),
      onDropped: ({ event }, error) => heard.push(["dropped", event, codeOf(error)]),
      onProblem: (error) => heard.push(["problem", error.message]),
      ...options,
    }),
  });
  const disconnect = (): void => {
    isConnected = false;
    settle(new Error("socket has been disconnected"));
  };
  return {
    queue,
    got,
    heard,
    connect() {
      isConnected = true;
      queue.resume();
    },
    disconnect,
    answer: (...values) => settle(null, ...values),
    expire: () => settle(new Error("operation has timed out")),
    crash() {
      isConnected = false;
      inFlight = undefined;
    },
    emit(event, ...args) {
      const last = args.at(-1);
      const callback = typeof last === "function" ? (args.pop() as AckCallback) : undefined;
      return queue.add([event, ...args], {}, callback);
    },
  };
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code ?? error.message;
}
