const assert = require("node:assert/strict");
const { once } = require("node:events");
const { test } = require("node:test");
const { register } = require("./app.cjs");
const { createPair } = require("./pair.cjs");

test("who is not in the room hears nothing", async (t) => {
  const { client, server, close } = await createPair(register);
  t.after(close);
  const heard = [];
  client.on("said", (text) => heard.push(text));
  client.emit("say", "lobby", "hello");
  // The server has handled `say` when it answers this.
  await client.emitWithAck("join", "elsewhere");
  // Whatever it has sent before arrives before this.
  const fence = once(client, "fence");
  server.emit("fence");
  await fence;
  assert.deepEqual(heard, []);
});

test("a client without a token is refused", async (t) => {
  const { open, close, server } = await createPair(register);
  t.after(close);
  server.use((socket, next) => next(socket.handshake.auth.token ? undefined : new Error("token?")));
  await assert.rejects(open({ reconnection: false }), { message: "token?" });
});

test("a server that does not answer", async (t) => {
  const { client, close } = await createPair(() => {});
  t.after(close);
  await assert.rejects(client.timeout(50).emitWithAck("nobody listens"), /timed out/);
});
