// Our server on uWebSockets.js, attached to an application of its own kind.

import { createRequire } from "node:module";
import { Server } from "@sockeye/uws";
import { serve } from "./agent.mjs";

const uws = createRequire(new URL("../uws/", import.meta.url))("@trufflesuite/uws-js-unofficial");

serve({
  async start(options, prepare) {
    const app = uws.App();
    const io = new Server(app, options);
    prepare(io);
    app.any("/*", (response) => {
      response.writeStatus("404 Not Found");
      response.end("not here");
    });
    let listening;
    app.listen("127.0.0.1", 0, (socket) => {
      listening = socket;
    });
    const stop = async () => {
      uws.us_listen_socket_close(listening);
      await io.close();
    };
    return { port: uws.us_socket_local_port(listening), stop };
  },
});
