// fastify-socket.io: the plugin makes the server and closes it with the application.

import assert from "node:assert/strict";
import Fastify from "fastify";
import plugin from "fastify-socket.io";
import { Server } from "socket.io";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const app = Fastify({ forceCloseConnections: true });
await app.register(plugin.default, { path: "/live" });
const { gone, onGone } = departures();
app.get("/", async () => "plain");
app.ready((error) => {
  assert.equal(error, null);
  app.io.on("connection", (socket) => answer(socket, onGone));
});
const url = await app.listen({ port: 0, host: "127.0.0.1" });
assert.ok(app.io instanceof Server);
assert.equal(await (await fetch(url)).text(), "plain");

const options = { path: "/live" };
const checks = await converse(url, { options, gone });

// Closing the application disconnects who is still there.
const late = open(url, { ...options, transports: ["websocket"] });
await next(late, "connect");
const ended = next(late, "disconnect");
await app.close();
assert.deepEqual((await ended)[0], "io server disconnect");
report([...checks, "close"]);
