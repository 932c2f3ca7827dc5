import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { io } from "@sockeye/client";

const url = "http://localhost:3001";

test("what ada says in the lobby reaches bob there, and nobody in the kitchen", async (t) => {
  const server = spawn(process.execPath, ["server.mjs"], { env: { ...process.env, PORT: "3001" } });
  t.after(() => server.kill());
  await once(server.stdout, "data");

  const [ada, bob, cleo] = ["ada", "bob", "cleo"].map((name) =>
    io(url, { auth: { name }, forceNew: true }),
  );
  t.after(() => {
    for (const socket of [ada, bob, cleo]) socket.disconnect();
  });
  await ada.emitWithAck("enter", "lobby");
  await bob.emitWithAck("enter", "lobby");
  await cleo.emitWithAck("enter", "kitchen");

  const heard = [];
  cleo.on("said", (...said) => heard.push(said));
  const said = new Promise((resolve) => bob.once("said", (from, text) => resolve([from, text])));

  assert.deepEqual(await ada.emitWithAck("say", "hello"), {});
  assert.deepEqual(await said, ["ada", "hello"]);
  assert.deepEqual(await cleo.emitWithAck("enter", "lobby"), [["ada", "hello"]]);
  assert.deepEqual(heard, []);
});
