// A server with presence in a cluster. Says its port, and who is present whenever that changes.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { withPresence } from "@sockeye/presence";
import { createAdapter } from "@sockeye/redis";
import { Redis } from "ioredis";

const { heartbeats, url } = JSON.parse(process.env["CLUSTER_NODE"] ?? "{}");
const pub = new Redis(url);
const adapter = createAdapter(pub, pub.duplicate(), heartbeats);
const http = createServer();
const io = withPresence(new Server(http, { adapter }), {
  user: ({ handshake }) => handshake.auth["user"],
});

io.presence.on("diff", () => {
  process.send?.({
    present: io.presence.list().map(({ sessions, user }) => `${user}${sessions.length}`),
  });
});

// The test has ended, in whatever way.
process.on("disconnect", () => process.exit());

http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ listening: address.port });
});
