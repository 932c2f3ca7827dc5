// socket.io-events, a router of events: it replaces `onevent` of each socket and `emit` for a while.

const assert = require("node:assert/strict");
const { Server } = require("socket.io");
const createRouter = require("socket.io-events");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const router = createRouter();
  const routed = [];
  router.on("*", (_socket, args, proceed) => {
    routed.push(args[0]);
    proceed();
  });
  router.on("double", (socket, args) => socket.emit("doubled", args[1] * 2));
  const io = new Server(0);
  io.use(router);
  const client = open(`http://127.0.0.1:${io.httpServer.address().port}`);
  await next(client, "connect");
  const doubled = next(client, "doubled");
  client.emit("double", 21);
  assert.deepEqual(await doubled, [42]);
  assert.deepEqual(routed, ["double"]);
  client.disconnect();
  await io.close();
  report(["routed"]);
  process.exit(0);
}

void main();
