import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { createAdapter, setupPrimary } from "@sockeye/cluster";
import { Server } from "@sockeye/node";

if (cluster.isPrimary) {
  setupPrimary();
  for (let i = 0; i < availableParallelism(); i++) cluster.fork();
} else {
  const io = new Server(3000, { adapter: createAdapter(), transports: ["websocket"] });
}
