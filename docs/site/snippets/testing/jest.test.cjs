const { once } = require("node:events");
const { register } = require("./app.cjs");
const { createPair } = require("./pair.cjs");

let pair;
beforeEach(async () => {
  pair = await createPair(register);
});
afterEach(() => pair.close());

test("who joins gets the history", async () => {
  const { client } = pair;
  await client.emitWithAck("join", "lobby");
  const said = once(client, "said");
  client.emit("say", "lobby", "hello");
  await said;
  expect(await client.emitWithAck("join", "lobby")).toEqual(["hello"]);
});

test("a silent client is disconnected", async () => {
  // Without these no byte is read.
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
  const { client, close } = await createPair(register, { pingInterval: 3_600_000 });
  try {
    const gone = once(client, "disconnect");
    jest.advanceTimersByTime(60_000);
    expect((await gone)[0]).toBe("io server disconnect");
  } finally {
    jest.useRealTimers();
    await close();
  }
});
