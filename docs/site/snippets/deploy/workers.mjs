import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { createAdapter, setupPrimary, setupWorker } from "@sockeye/cluster";
import { Server } from "@sockeye/node";

if (cluster.isPrimary) {
  const server = createServer();
  setupPrimary(server, { loadBalancingMethod: "least-connection" });
  server.listen(3000);
  for (let i = 0; i < availableParallelism(); i++) cluster.fork();
} else {
  const io = new Server(createServer(), { adapter: createAdapter() });
  setupWorker(io);
}
