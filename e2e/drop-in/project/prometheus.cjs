// socket.io-prometheus, which counts by replacing `on`, `addListener` and `emit` of each socket.

const assert = require("node:assert/strict");
const { Server } = require("socket.io");
const client = require("prom-client");
const metrics = require("socket.io-prometheus");

async function countOf(name, event) {
  const { values } = await client.register.getSingleMetric(name).get();
  return values.find(({ labels }) => event === undefined || labels.event === event)?.value;
}

async function main() {
  const { answer, converse, departures, next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  metrics(io);
  const { gone, onGone } = departures();
  io.on("connection", (socket) => {
    // Each of these counts an event once.
    socket.on("by on", (done) => done());
    socket.addListener("by addListener", (done) => done());
    socket.once("by once", (done) => done());
    answer(socket, onGone);
  });
  const url = `http://127.0.0.1:${io.httpServer.address().port}`;
  const one = open(url);
  await next(one, "connect");
  for (const name of ["by on", "by addListener", "by once"]) {
    await one.timeout(5000).emitWithAck(name);
    assert.equal(await countOf("socket_io_events_received_total", name), 1, name);
  }
  one.disconnect();
  const checks = await converse(url, { gone });
  assert.equal(await countOf("socket_io_connect_total"), 3);
  assert.equal(await countOf("socket_io_events_sent_total", "echo"), 1);
  await io.close();
  report(["metrics", ...checks]);
}

void main();
