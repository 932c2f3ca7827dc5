import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { register } from "./app.cjs";
import { createPair } from "./pair.cjs";

test("who joins gets the history", async () => {
  const { client, close } = await createPair(register);
  onTestFinished(close);
  await client.emitWithAck("join", "lobby");
  const said = once(client, "said");
  client.emit("say", "lobby", "hello");
  await said;
  expect(await client.emitWithAck("join", "lobby")).toEqual(["hello"]);
});
