// `socket.outbox`: the events in the send buffer of a socket and in its line, as one list. Knows what is kept, and since
// when; the send buffer itself stays an array that applications may replace.

import type { EventLine, Keeper, UnaddressedPacket } from "../socket-manager.ts";
import type { Outbox, OutboxEntry } from "./event-queue.ts";
import { clearedError } from "./outbox-errors.ts";

/** Under a symbol, because a parser of the application's may send everything that has a name. */
const ENTRY: unique symbol = Symbol();

/** A packet in a send buffer. */
type KeptPacket = UnaddressedPacket & { [ENTRY]?: OutboxEntry };

/** The view, and what feeds it. */
export interface KeptEvents {
  readonly outbox: Outbox;
  /** Records an event that has entered a send buffer. */
  note(packet: UnaddressedPacket): OutboxEntry;
}

/** Makes the view of what a socket keeps, and its line if it has one. */
export function createKeptEvents(socket: Keeper, line: () => EventLine | undefined): KeptEvents {
  let count = 0;
  const keepers = (): Keeper[] => [line() ?? [], socket].flat();
  const note = (packet: KeptPacket): OutboxEntry => {
    const data = packet.data as [string, ...unknown[]];
    packet[ENTRY] ??= {
      id: `${++count}`,
      event: data[0],
      args: data.slice(1),
      keptAt: Date.now(),
      isStored: false,
    };
    return packet[ENTRY];
  };
  const outbox: Outbox = {
    get size() {
      return outbox.list().length;
    },
    list: () => [
      ...(line()?.outbox?.list() ?? []),
      // Applications may put packets into the buffer themselves; these are noted now.
      ...keepers().flatMap(({ sendBuffer }) => sendBuffer.map(note)),
    ],
    clear() {
      line()?.outbox?.clear();
      for (const keeper of keepers()) {
        for (const packet of keeper.sendBuffer.splice(0)) keeper.settle(packet, clearedError());
      }
    },
  };
  return { outbox, note };
}
