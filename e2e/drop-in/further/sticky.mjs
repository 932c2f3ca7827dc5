// @socket.io/sticky: two workers of Node's cluster behind one port; a session by polling stays with its worker, upgrade
// included. The primary hears of a session from its worker, and a client that is quicker, as on a busy machine, has to begin
// anew: with Socket.IO as with ours, so clients reconnect here, in a process of their own.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import cluster from "node:cluster";
import { createServer } from "node:http";
import sticky from "@socket.io/sticky";
import { Server } from "socket.io";
import { open, report } from "./conversation.mjs";

const [url] = process.argv.slice(2);
if (cluster.isWorker) work();
else if (url === undefined) await share();
else await talk();

function work() {
  const io = new Server(createServer());
  sticky.setupWorker(io);
  io.on("connection", (socket) => socket.on("pid", (done) => done(process.pid)));
  process.send({ ready: true });
}

async function share() {
  // Chunks of requests travel to the workers as bytes.
  cluster.setupPrimary({ serialization: "advanced" });
  const http = createServer();
  sticky.setupMaster(http, { loadBalancingMethod: "round-robin" });
  const workers = [cluster.fork(), cluster.fork()];
  const ready = (worker) =>
    new Promise((done) => worker.on("message", (message) => message.ready && done()));
  await Promise.all(workers.map(ready));
  await new Promise((done) => http.listen(0, done));
  const clients = fork(import.meta.filename, [`http://127.0.0.1:${http.address().port}`]);
  process.exitCode = await new Promise((done) => clients.on("exit", done));
  for (const worker of workers) worker.kill();
  http.close();
}

function once(emitter, name) {
  return new Promise((resolve) => emitter.once(name, resolve));
}

async function talk() {
  const pids = new Set();
  for (const transports of [["polling"], ["polling"], ["polling", "websocket"], ["websocket"]]) {
    const client = open(url, { transports, reconnection: true, reconnectionDelay: 50 });
    await once(client, "connect");
    const pid = () => client.timeout(5000).emitWithAck("pid");
    const first = await pid();
    const { engine } = client.io;
    if (transports.length === 2 && engine.transport.name !== "websocket")
      await once(engine, "upgrade");
    for (let count = 0; count < 3; count++) assert.equal(await pid(), first);
    pids.add(first);
    client.disconnect();
  }
  assert.equal(pids.size, 2);
  report(["polling", "upgrade", "websocket"]);
  process.exit();
}
