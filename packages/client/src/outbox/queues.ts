// What makes the queues of sockets that have `retries` or an outbox, for entries that have it from the start, and for the
// file that a page fetches.

import { createRetryQueue } from "../retry-queue.ts";
import type { AttachQueue, WithQueues } from "../socket-manager.ts";
import { attacher } from "./attach-queue.ts";

/** Makes the queue of a socket that has `retries` or an outbox. */
export const attachQueue: AttachQueue = /* @__PURE__ */ attacher(createRetryQueue);

/** Hands that over where it is there already. */
export const withQueues: WithQueues = (use) => use(attachQueue);
