// The reserve of a page: polling by `fetch`, upgrades, binary as text.

import { fromBase64 } from "@sockeye/protocol";
import type { Reserve } from "../engine/racing-link.ts";
import { FetchPolling } from "./fetch-polling.ts";
import { createReserve } from "./reserve-link.ts";
import { BrowserWebSocket } from "./text-web-socket.ts";

/** The reserve of a page. */
export const browserReserve: Reserve = createReserve({
  known: [FetchPolling, BrowserWebSocket],
  fromBase64(text, binaryType) {
    const bytes = fromBase64(text);
    return binaryType === "blob" ? new Blob([bytes]) : bytes.buffer;
  },
});

export { BrowserWebSocket, FetchPolling };
