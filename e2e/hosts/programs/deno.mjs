// Our server on Deno's own HTTP server and WebSockets.

import { Server } from "@sockeye/deno";
import { serve } from "./agent.mjs";

serve({
  async start(options, prepare) {
    const io = new Server(options);
    const handler = io.handler({ fetch: () => new Response("not here", { status: 404 }) });
    prepare(io);
    const stopping = new AbortController();
    const http = globalThis.Deno.serve(
      { port: 0, hostname: "127.0.0.1", signal: stopping.signal, onListen() {} },
      handler,
    );
    const stop = async () => {
      await io.close();
      stopping.abort();
    };
    return { port: http.addr.port, stop };
  },
});
