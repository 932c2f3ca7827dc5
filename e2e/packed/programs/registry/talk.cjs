// A conversation of a project that requires `socket.io` by its name, and of a package that does. Prints what was done, as one
// line of JSON.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { io } = require("socket.io-client");
const notifications = require("notifications");

async function main() {
  const done = [];
  assert.equal(require("socket.io/package.json").name, "@sockeye/socket.io");
  assert.equal(require("socket.io-client/package.json").name, "@sockeye/socket.io-client");
  assert.equal(notifications.Server, Server);
  done.push("one instance");

  const http = createServer();
  const server = notifications.serve(http);
  assert.ok(server instanceof Server);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${http.address().port}`;
  for (const transports of [["websocket"], ["polling"]]) {
    const client = io(url, { forceNew: true, transports });
    assert.equal(await client.timeout(5000).emitWithAck("notify", "1"), "heard 1");
    client.disconnect();
    done.push(transports[0]);
  }
  assert.equal(await notifications.notify(url, "2"), "heard 2");
  done.push("a package");
  const script = await fetch(`${url}/socket.io/socket.io.js`);
  assert.equal(script.status, 200);
  done.push("the client's script");
  await server.close();
  console.log(JSON.stringify(done));
}

void main();
