// socket.io-request: requests with answers and errors, in both directions.

const assert = require("node:assert/strict");
const { Server } = require("socket.io");
const createRequests = require("socket.io-request");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  const joined = next(io, "connection");
  const client = open(`http://127.0.0.1:${io.httpServer.address().port}`);
  const [socket] = await joined;
  if (!client.connected) await next(client, "connect");
  createRequests(socket).response("sum", ([a, b], answer) => answer(a + b));
  createRequests(client).response("bad", (_data, answer) => answer.error(new Error("not today")));
  assert.equal(await createRequests(client).request("sum", [2, 3]), 5);
  await assert.rejects(createRequests(socket).request("bad"), /not today/);
  client.disconnect();
  await io.close();
  report(["answer", "error"]);
}

void main();
