// The clients that are injected into the black-box cases: those of the kit, on Node.

import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { Clients, Headers, WebSocketClient } from "@sockeye/testkit/black-box";
import { within } from "../kit/deadline.ts";
import { begin } from "../kit/raw-http.ts";
import { openTcp } from "../kit/raw-tcp.ts";
import { openWebSocket } from "../kit/raw-websocket.ts";

const decompressors: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Node's clients. */
export const clients: Clients = {
  begin,
  openTcp,
  within,
  now: () => performance.now(),
  decompress: (encoding, body) => decompressors[encoding]?.(body) ?? body,
  openWebSocket(port, path, headers = {}): WebSocketClient {
    const ws = openWebSocket(port, path, { ...headers });
    return {
      opened: async () => (await ws.inbox.take("open"))[0] as Headers,
      async refused() {
        const [status, , text] = await ws.inbox.take("refused");
        return { status: Number(status), text: String(text) };
      },
      text: () => ws.text(),
      binary: () => ws.binary(),
      closeCode: () => ws.closeCode(),
      send: (...frames) => ws.send(...frames),
      close: () => ws.close(),
      terminate: () => ws.terminate(),
      [Symbol.dispose]: () => ws[Symbol.dispose](),
    };
  },
};
