// The adapter for Node's `cluster`: two workers.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { createAdapter, setupPrimary } from "@socket.io/cluster-adapter";
import { Server } from "socket.io";
import { converseAcross, serve } from "./cluster.mjs";
import { report } from "./conversation.mjs";

if (cluster.isPrimary) {
  cluster.setupPrimary({ serialization: "advanced" });
  setupPrimary();
  const listening = ["one", "two"].map(
    (NAME) =>
      new Promise((resolve) =>
        cluster.fork({ NAME }).on("message", ({ url }) => url && resolve(url)),
      ),
  );
  report(await converseAcross(await Promise.all(listening)));
  process.exit(0);
}

const http = createServer();
serve(new Server(http, { adapter: createAdapter() }), process.env.NAME);
// A port of its own, not one that the workers share.
http.listen({ port: 0, exclusive: true }, () => {
  process.send({ url: `http://127.0.0.1:${http.address().port}` });
});
