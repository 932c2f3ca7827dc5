// Our server for Request and Response on Deno, with WebSockets that Deno hands in.

import { Server } from "@sockeye/fetch";
import { serve } from "./agent.mjs";

const { Deno } = globalThis;

serve({
  async start(options, prepare) {
    const io = new Server({ upgradeWebSocket: Deno.upgradeWebSocket, ...options });
    const handler = io.handler({
      fetch: () => new Response("not here", { status: 404 }),
      remoteAddress: (_, { remoteAddr }) => remoteAddr.hostname,
    });
    prepare(io);
    const stopping = new AbortController();
    const where = { port: 0, hostname: "127.0.0.1", signal: stopping.signal, onListen() {} };
    const http = Deno.serve(where, handler);
    const stop = async () => {
      await io.close();
      stopping.abort();
    };
    return { port: http.addr.port, stop };
  },
});
