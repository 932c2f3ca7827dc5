// A program as applications write it: a primary of node:cluster that relays, and two workers with a server each. Says the
// port of each worker's server, and ends a worker when it is told to.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { createAdapter, setupPrimary } from "@sockeye/cluster";
import { Server } from "@sockeye/node";

if (cluster.isPrimary) {
  setupPrimary();
  setupPrimary();
  for (let started = 0; started < 2; started++) {
    const worker = cluster.fork();
    worker.on("message", (message) => {
      if ("port" in message) process.send?.({ port: message.port, worker: worker.id });
    });
  }
  process.on("message", ({ end }) => cluster.workers?.[end]?.process.kill("SIGKILL"));
} else {
  const http = createServer();
  const io = new Server(http, { adapter: createAdapter() });
  io.on("connection", (socket) => {
    socket.on("all", (...args) => io.emit("heard", ...args));
    socket.on("count", (done) => io.of("/").adapter.serverCount().then(done));
  });
  // A port of its own: `cluster` would share one among the workers.
  http.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
    const address = /** @type {import("node:net").AddressInfo} */ (http.address());
    process.send?.({ port: address.port });
  });
}
