// Our server on Bun's own HTTP and WebSocket server.

import { Server } from "@sockeye/bun";
import { serve } from "./agent.mjs";

serve({
  async start(options, prepare) {
    const io = new Server(options);
    const handler = io.handler({ fetch: () => new Response("not here", { status: 404 }) });
    prepare(io);
    const http = globalThis.Bun.serve({ port: 0, hostname: "127.0.0.1", ...handler });
    const stop = async () => {
      await io.close();
      await http.stop(true);
    };
    return { port: http.port, stop };
  },
});
