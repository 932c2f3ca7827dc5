// A program as applications write it: the primary of node:cluster takes connections, three workers serve them, and a
// session goes to its worker. Says the port, and ends or suspends a worker when it is asked to.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { createAdapter, setupPrimary, setupWorker } from "@sockeye/cluster";
import { Server } from "@sockeye/node";

if (cluster.isPrimary) {
  const http = createServer();
  setupPrimary(http, JSON.parse(process.env["STICKY"] ?? "{}"));
  let ready = 0;
  for (let started = 0; started < 3; started++) {
    cluster.fork().on("message", (message) => {
      if (!("isReady" in message)) return;
      ready += 1;
      if (ready === 3)
        http.listen(0, "127.0.0.1", () => process.send?.({ port: http.address()?.["port"] }));
    });
  }
  process.on("message", ({ end, stop }) => {
    cluster.workers?.[end ?? stop]?.process.kill(stop === undefined ? "SIGKILL" : "SIGSTOP");
    if (stop !== undefined) process.send?.({ stopped: stop });
  });
} else {
  const http = createServer((_request, response) => response.end(`worker ${cluster.worker?.id}`));
  const io = new Server(http, { adapter: createAdapter() });
  setupWorker(io);
  io.on("connection", (socket) => {
    socket.on("number", (number, bytes, answer) => {
      answer({ by: cluster.worker?.id, number, bytes });
    });
    socket.on("all", (text) => io.emit("heard", text));
  });
  const ready = async () => {
    while ((await io.of("/").adapter.serverCount()) < 3) await new Promise(setImmediate);
    process.send?.({ isReady: true });
  };
  void ready();
}

// The test has ended, in whatever way.
process.on("disconnect", () => process.exit());
