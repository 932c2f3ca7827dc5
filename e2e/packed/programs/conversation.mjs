// A conversation of the installed client with the installed server, for any release of Node: over WebSocket and over
// polling, with answers, bytes, a lost connection and a goodbye. Prints what was done, as one line of JSON.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const happens = (emitter, event) =>
  new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));

const http = createServer();
const server = new Server(http);
server.on("connection", (socket) => {
  socket.on("echo", (value, answer) => answer(value));
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const url = `http://127.0.0.1:${http.address().port}`;
const done = [];

for (const transports of [["websocket"], ["polling"], ["polling", "websocket"], undefined]) {
  const client = io(url, {
    forceNew: true,
    reconnectionDelay: 5,
    ...(transports && { transports }),
  });
  const arriving = happens(server, "connection");
  await happens(client, "connect");
  const [socket] = await arriving;
  assert.equal(client.id, socket.id);
  const bytes = Buffer.from([0, 1, 254, 255]);
  const back = await client.timeout(5000).emitWithAck("echo", { text: "é", bytes });
  assert.equal(back.text, "é");
  assert.ok(Buffer.from(back.bytes).equals(bytes));
  const again = happens(client, "connect");
  client.io.engine.close();
  await again;
  assert.ok(client.connected);
  const [last] = (await server.fetchSockets()).filter(({ id }) => id === client.id);
  assert.ok(last);
  const left = happens(server.sockets.sockets.get(client.id), "disconnect");
  client.disconnect();
  assert.deepEqual((await left)[0], "client namespace disconnect");
  done.push(transports?.join(" then ") ?? "default");
}
await server.close();

const require = createRequire(import.meta.url);
assert.equal(typeof require("@sockeye/client"), "function");
assert.equal(typeof require("@sockeye/node").Server, "function");
done.push("require");
console.log(JSON.stringify({ node: process.versions.node.split(".")[0], done }));
