// What stands in the log of the broker, as the history notes it: which entry is which event, and the marks of refused messages.

import { decodeMessage } from "@sockeye/adapter/cluster";
import type { History } from "./history.ts";

/** An entry that has got its place. */
export interface Appended {
  readonly epoch: string;
  readonly offset: number;
  readonly message: Uint8Array;
}

/** Notes an entry of the log. */
export function noteAppended(history: History, { epoch, message, offset }: Appended): void {
  const log = history.log(epoch);
  const read = decodeMessage(message);
  if ("reason" in read || read.header.kind !== "do") {
    log.push({ kind: "other", offset });
    return;
  }
  const { from, intent } = read.header;
  const text = intent.kind === "event" ? [read.body].flat()[0] : "";
  const found = typeof text === "string" ? /\["e",(\d+)/.exec(text)?.[1] : undefined;
  const event = found === undefined ? undefined : history.events[Number(found)];
  if (event !== undefined) {
    event.places.set(epoch, offset);
    log.push({ kind: "event", offset, event });
    history.note(`log ${epoch} ${offset} is #${event.number}`);
  } else if (intent.kind === "gap") {
    log.push({ kind: "gap", offset, writer: from, missed: intent.missed });
    history.note(`log ${epoch} ${offset} is a gap of ${intent.missed}`);
  } else log.push({ kind: "other", offset });
}
