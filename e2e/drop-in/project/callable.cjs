// The forms of Socket.IO 2: what `require` gives can be called, on both sides.

const assert = require("node:assert/strict");
const { createServer } = require("node:http");

async function main() {
  const { answer, converse, departures, report } = await import("./conversation.mjs");
  assert.match(require("socket.io/package.json").version, /^\d+\.\d+\.\d+$/);
  const http = createServer();
  const io = require("socket.io")(http, { pingInterval: 10_000 });
  assert.ok(io instanceof require("socket.io").Server);
  const { gone, onGone } = departures();
  io.on("connection", (socket) => answer(socket, onGone));
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${http.address().port}`;
  const client = require("socket.io-client")(url);
  await new Promise((resolve) => client.on("connect", resolve));
  client.disconnect();
  report(["require", ...(await converse(url, { gone }))]);
  await io.close();
}

void main();
