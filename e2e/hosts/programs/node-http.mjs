// What hosts on Node's HTTP server have in common, whichever class of server is attached to it.

import { createServer } from "node:http";

/**
 * @param {new (http: import("node:http").Server, options: object) => any} Server
 * @returns {import("@sockeye/testkit/black-box").ProgramHost}
 */
export const overNodeHttp = (Server) => ({
  async start(options, prepare) {
    const http = createServer((_request, response) => response.writeHead(404).end("not here"));
    const io = new Server(http, options);
    prepare(io);
    await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
    const stop = async () => {
      const closed = io.close();
      http.closeAllConnections();
      await closed;
    };
    return { port: http.address().port, stop };
  },
});
