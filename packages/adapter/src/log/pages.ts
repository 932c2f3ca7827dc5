// Reading a log again, a page at a time: what is not in memory any more.

import type { Log, LogPoint } from "../cluster/log.ts";
import { decodeMessage } from "../cluster/message.ts";
import type { ReadMessage } from "./window.ts";

const PAGE = 1000;

/** Visits the messages after a position, up to another offset. Resolves with whether all of them are still there. */
export async function visitPages(
  log: Log,
  { after: { epoch, offset }, until }: { readonly after: LogPoint; readonly until: number },
  look: (read: ReadMessage) => void,
): Promise<boolean> {
  for (let at = offset; at < until; ) {
    const page = await log.read({ epoch, offset: at }, { until, limit: PAGE });
    if (page === null || page.length === 0) return false;
    for (const { message: bytes, offset: each } of page) {
      const message = decodeMessage(bytes);
      if (!("reason" in message)) look({ offset: each, message });
      at = each;
    }
  }
  return true;
}
