const assert = require("node:assert/strict");
const { once } = require("node:events");
const { test } = require("node:test");
const { register } = require("./app.cjs");
const { createPair } = require("./pair.cjs");

test("what is said in a room reaches its members", async (t) => {
  const { client, open, close } = await createPair(register);
  t.after(close);
  const { client: other } = await open();
  assert.deepEqual(await other.emitWithAck("join", "lobby"), []);
  const said = once(other, "said");
  client.emit("say", "lobby", "hello");
  assert.deepEqual(await said, ["hello"]);
});
