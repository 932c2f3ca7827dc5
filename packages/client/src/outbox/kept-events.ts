// `socket.outbox`: the events in the send buffer and in the queue of a socket, as one list. Knows what is kept, and
// since when; the send buffer itself stays an array that applications may replace.

import type { EventQueue, KeptEvent, Outbox } from "./event-queue.ts";
import { outboxError } from "./outbox-errors.ts";

/** What a socket keeps. */
export interface Keeper {
  /** The events that wait for a connection. */
  sendBuffer: { readonly data?: unknown }[];
}

/** Records an event that enters the send buffer. One of the queue is listed there, and not in the buffer. */
export type Note = (packet: object, isQueued?: boolean) => void;

/** Makes the view, and what feeds it. `discard` empties the send buffer; acknowledgements fail with the error. */
export function createKeptEvents(
  keeper: Keeper,
  queue: EventQueue | undefined,
  discard: (error: Error) => void,
): [Outbox, Note] {
  /** By packet: number, 0 for one of the queue, and time. */
  const notes: WeakMap<object, [number, number]> = new WeakMap();
  let count = 0;
  const note: Note = (packet, isQueued) => {
    notes.set(packet, [isQueued ? 0 : ++count, Date.now()]);
  };
  const buffered = (): KeptEvent[] =>
    keeper.sendBuffer.flatMap((packet) => {
      // Applications may put packets into the buffer themselves.
      if (!notes.has(packet)) note(packet);
      const [id, keptAt] = notes.get(packet) as [number, number];
      return id ? { id: `${id}`, keptAt, data: packet.data as unknown[] } : [];
    });
  const outbox: Outbox = {
    get size() {
      return (queue?.size ?? 0) + buffered().length;
    },
    list: () =>
      [...(queue?.list() ?? []), ...buffered()].map(({ id, keptAt, isStored = false, data }) => {
        const [event, ...args] = data as [string, ...unknown[]];
        return { id, event, args, keptAt, isStored };
      }),
    clear() {
      const error = outboxError("ERR_OUTBOX_CLEARED", "the outbox has been cleared");
      queue?.clear(error);
      discard(error);
    },
  };
  return [outbox, note];
}
