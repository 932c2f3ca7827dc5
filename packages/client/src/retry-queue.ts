// Events that are sent again until the server acknowledges them: first in, first out, one in flight at a time.

import type { AckCallback } from "./ack-callback.ts";
import type { EmitFlags } from "./socket-manager.ts";

/** What a queue asks of its socket. */
export interface RetryHost {
  /** Whether events can be sent now; without that, they stay in the queue. */
  isReady(): boolean;
  /** Sends one event, the last of whose arguments is called with its acknowledgement. */
  send(args: unknown[], flags: EmitFlags): void;
}

interface Entry {
  readonly args: readonly unknown[];
  readonly flags: EmitFlags;
  readonly ack: AckCallback | undefined;
  tries: number;
  isInFlight: boolean;
}

/** The events of one socket that are to arrive at least once. */
export interface RetryQueue {
  /** Takes an event and its acknowledgement, if it has one. */
  add(args: unknown[], flags: EmitFlags): void;
  /** Sends the first event, unless it is in flight; `"again"` sends it even then, after a new connection. */
  drain(mode?: "again"): void;
  /** How many events it holds. */
  size(): number;
}

/** Makes the queue of one socket. Each event is sent at most `retries` times more than once. */
export function createRetryQueue(retries: number, host: RetryHost): RetryQueue {
  const entries: Entry[] = [];
  const drain: RetryQueue["drain"] = (mode) => {
    const [entry] = entries;
    if (!entry || !host.isReady() || (entry.isInFlight && mode !== "again")) return;
    entry.isInFlight = true;
    entry.tries++;
    const onAnswer: AckCallback = (error, ...answer) => {
      // An answer to an earlier try may have settled it already.
      if (entry !== entries[0]) return;
      entry.isInFlight = false;
      if (error === null || entry.tries > retries) {
        entries.shift();
        entry.ack?.(error, ...answer);
      }
      drain();
    };
    host.send([...entry.args, onAnswer], { ...entry.flags, takesError: true });
  };
  return {
    add(args, flags) {
      const hasAck = typeof args[args.length - 1] === "function";
      const ack = hasAck ? (args.pop() as AckCallback) : undefined;
      entries.push({ args, flags, ack, tries: 0, isInFlight: false });
      drain();
    },
    drain,
    size: () => entries.length,
  };
}
