// One server of a cluster, in a process or a thread of its own: does what its parent commands. Says `listening` with its
// port, then answers every command by its number.

import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { Commanded } from "@sockeye/testkit";
import { adapterOf } from "./adapters.mjs";

/** @type {{ name: string, server: string, engine: import("./adapters.mjs").Engine }} */
const { engine, name, server } = workerData ?? JSON.parse(process.env["CLUSTER_NODE"] ?? "{}");

/** @param {object} message */
function say(message) {
  if (parentPort === null) process.send?.(message);
  else parentPort.postMessage(message);
}

const { Server } = await import(server);
const http = createServer();
const options = { adapter: await adapterOf(engine), cleanupEmptyChildNamespaces: true };
const io = new Server(http, options);
const commanded = new Commanded(io, name);

/** @param {{ id: number, command: import("@sockeye/testkit").Command | { op: "close" } }} message */
async function onMessage({ id, command }) {
  if (command === undefined) return;
  try {
    if (command.op === "close") {
      await io.close();
      say({ id, answer: null });
      if (parentPort === null) process.exit();
    } else say({ id, answer: await commanded.do(command) });
  } catch (error) {
    say({ id, error: String(error instanceof Error ? error.stack : error) });
  }
}

if (parentPort === null) {
  process.on("message", onMessage);
  // The tests have ended, in whatever way.
  process.on("disconnect", () => process.exit());
} else parentPort.on("message", onMessage);

http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  say({ listening: address.port });
});
