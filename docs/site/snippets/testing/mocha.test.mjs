import assert from "node:assert/strict";
import { register } from "./app.cjs";
import { createPair } from "./pair.cjs";

describe("rooms", () => {
  let pair;
  beforeEach(async () => {
    pair = await createPair(register);
  });
  afterEach(() => pair.close());

  it("are empty at first", async () => {
    assert.deepEqual(await pair.client.emitWithAck("join", "lobby"), []);
  });
});
