const assert = require("node:assert/strict");
const { once } = require("node:events");
const { test } = require("node:test");
const { Server } = require("@sockeye/node");
const { createPair } = require("./pair.cjs");

const QUICK = { reconnectionDelay: 10 };

test("what is emitted meanwhile arrives afterwards", async (t) => {
  const { open, close, server } = await createPair(() => {});
  t.after(close);
  const { client } = await open(QUICK);
  const gone = once(client, "disconnect");
  client.io.engine.close();
  assert.equal((await gone)[0], "forced close");
  const joined = once(server, "connection");
  client.emit("late", 1);
  const [socket] = await joined;
  assert.deepEqual(await once(socket, "late"), [1]);
});

test("a session is recovered, with its rooms and what was missed", async (t) => {
  const { open, close, server } = await createPair(() => {}, { connectionStateRecovery: {} });
  t.after(close);
  const { client, socket } = await open(QUICK);
  socket.join("room");
  const left = once(socket, "disconnect");
  client.io.engine.close();
  await left;
  const missed = once(client, "missed");
  server.to("room").emit("missed", 1);
  // With recovery an event's offset follows its arguments.
  assert.equal((await missed)[0], 1);
  assert.equal(client.recovered, true);
});

test("a server that is started again", async (t) => {
  const { client, server, url } = await createPair(() => {});
  client.io.reconnectionDelay(10);
  const gone = once(client, "disconnect");
  await server.close();
  await gone;
  const again = new Server(Number(new URL(url).port));
  await once(client, "connect");
  client.disconnect();
  await again.close();
});
