const assert = require("node:assert/strict");
const { once } = require("node:events");
const { test } = require("node:test");
const { register } = require("./app.cjs");
const { createPair } = require("./pair.cjs");

const HOUR = 3_600_000;

test("a client that is silent for a minute is disconnected", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { client, close } = await createPair(register, { pingInterval: HOUR });
  t.after(close);
  const gone = once(client, "disconnect");
  t.mock.timers.tick(59_000);
  await client.emitWithAck("join", "lobby");
  t.mock.timers.tick(59_000);
  assert.equal(client.connected, true);
  t.mock.timers.tick(1000);
  assert.deepEqual((await gone)[0], "io server disconnect");
});
