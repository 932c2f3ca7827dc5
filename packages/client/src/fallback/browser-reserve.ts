// What a page may need beyond one WebSocket: polling by `fetch`, upgrades, binary as text; and the queue of sockets with
// `retries`.

import { fromBase64 } from "@sockeye/protocol";
import type { Reserve } from "../engine/racing-engine.ts";
import { FetchPolling } from "./fetch-polling.ts";
import { createReserve } from "./reserve.ts";
import { BrowserWebSocket } from "./text-web-socket.ts";

/** The reserve of a page. */
export const browserReserve: Reserve = createReserve({
  transports: [FetchPolling, BrowserWebSocket],
  fromBase64(text, binaryType) {
    const bytes = fromBase64(text);
    // Copied, because where there are Buffers, one may be a part of a larger one.
    return binaryType === "blob" ? new Blob([bytes]) : new Uint8Array(bytes).buffer;
  },
});

export { attachQueue, withQueues } from "../outbox/queues.ts";
export { BrowserWebSocket, FetchPolling };
