// `socket.outbox`: the events in the send buffer and in the queue of a socket, as one list. Knows what is kept, and
// since when; the send buffer itself stays an array that applications may replace.

import type { EventQueue, Outbox, OutboxEntry } from "./event-queue.ts";
import { outboxError } from "./outbox-errors.ts";

/** An event in a send buffer. */
interface BufferedPacket {
  readonly data?: unknown;
}

/** Where a socket keeps events. */
export interface KeptSource {
  readonly queue: EventQueue | undefined;
  /** The send buffer as it is now. */
  buffer(): readonly BufferedPacket[];
  /** Empties the send buffer; acknowledgements fail with `error`. */
  discard(error: Error): void;
}

/** The view of one socket's events, and what records when each was kept. */
export interface KeptEvents {
  readonly outbox: Outbox;
  /** Records an event that enters the send buffer; one of the queue is counted there. */
  note(packet: BufferedPacket, isQueued: boolean): void;
}

/** Makes the view. */
export function createKeptEvents(source: KeptSource): KeptEvents {
  const notes = new WeakMap<BufferedPacket, { id: string; keptAt: number } | undefined>();
  let count = 0;
  const note: KeptEvents["note"] = (packet, isQueued) => {
    notes.set(packet, isQueued ? undefined : { id: `b${++count}`, keptAt: Date.now() });
  };
  const entries = (): OutboxEntry[] => {
    return source.buffer().flatMap((packet) => {
      // Applications may put packets into the buffer themselves.
      if (!notes.has(packet)) note(packet, false);
      const noted = notes.get(packet);
      const [event, ...args] = packet.data as [string, ...unknown[]];
      return noted ? [{ ...noted, event, args }] : [];
    });
  };
  const outbox: Outbox = {
    get size() {
      return (source.queue?.size ?? 0) + entries().length;
    },
    list: () => [...(source.queue?.list() ?? []), ...entries()],
    clear() {
      const error = outboxError("ERR_OUTBOX_CLEARED", "the outbox has been cleared");
      source.queue?.clear(error);
      source.discard(error);
    },
  };
  return { outbox, note };
}
