// Events that are sent again until the server acknowledges them: first in, first out, one in flight at a time.
//
// Order: an event is sent when the one before it has been acknowledged, or has been given up; so the server gets them in
// the order in which they were emitted. What it does with one of them while it has not acknowledged it is not known.
// Duplicates: at least once. When an acknowledgement is lost or late, the server gets the event a second time; it has to
// recognise it if that does harm.
// The server has to acknowledge every event, also those that were emitted without a callback. Without `ackTimeout` (or
// `timeout()`) an event without an answer blocks all later ones until the next connection.

import type { AckCallback } from "./ack-callback.ts";
import type { EventQueue, QueueFlags, QueueHost } from "./outbox/event-queue.ts";
import { guarded } from "./safe-emitter.ts";

interface Entry {
  readonly id: string;
  readonly data: readonly unknown[];
  readonly keptAt: number;
  readonly flags: QueueFlags;
  readonly onAnswer: AckCallback | undefined;
  tries: number;
  isInFlight: boolean;
}

/** Makes the queue of one socket. Each event is sent at most `retries` times more than once. */
export function createRetryQueue(retries: number, host: QueueHost): EventQueue {
  let entries: Entry[] = [];
  let count = 0;

  const settle = ({ onAnswer }: Entry, ...answer: Parameters<AckCallback>): void => {
    guarded(() => {
      if (onAnswer) onAnswer(...answer);
    });
  };

  /** Sends the first event, unless it is in flight; `"again"` sends it even then. */
  const drain = (mode?: "again"): void => {
    for (;;) {
      const [entry] = entries;
      if (!entry || !host.canSend() || (entry.isInFlight && mode !== "again")) return;
      entry.isInFlight = true;
      entry.tries++;
      const onAnswer: AckCallback = (error, ...answer) => {
        // An answer to an earlier try may have settled it already.
        if (entry !== entries[0]) return;
        entry.isInFlight = false;
        if (error === null || entry.tries > retries) {
          entries.shift();
          settle(entry, error, ...answer);
        }
        drain();
      };
      try {
        host.send([...entry.data, onAnswer], entry.flags);
        return;
      } catch (error) {
        // It could be encoded when it was emitted, and has been changed since. That is no reason to hold up the others.
        if (entry !== entries[0]) return;
        entries.shift();
        if (entry.onAnswer) settle(entry, error as Error);
        else {
          guarded(() => {
            throw error;
          });
        }
      }
    }
  };

  return {
    get size() {
      return entries.length;
    },
    add(data, flags, onAnswer) {
      // What cannot be sent is refused to its author, and not when there is a connection.
      host.encode(data);
      if (entries.length >= host.maxEvents()) return false;
      const id = `r${++count}`;
      entries.push({ id, data, keptAt: Date.now(), flags, onAnswer, tries: 0, isInFlight: false });
      drain();
      return true;
    },
    resume: () => drain("again"),
    list: () => entries,
    clear(error) {
      const cleared = entries;
      entries = [];
      for (const entry of cleared) settle(entry, error);
    },
  };
}
