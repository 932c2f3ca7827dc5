// vite-plugin-socket-io: events on Vite's own development server, whose WebSocket for updates stands beside them.

import assert from "node:assert/strict";
import { createServer } from "vite";
import socketIo from "vite-plugin-socket-io";
import { answer, converse, departures, report } from "./conversation.mjs";

const { gone, onGone } = departures();
const plugin = socketIo({
  serverEvents: (io) => io.on("connection", (socket) => answer(socket, onGone)),
});
const server = await createServer({
  configFile: false,
  logLevel: "error",
  plugins: [plugin],
  server: { host: "127.0.0.1", port: 0 },
});
await server.listen();
const { port } = server.httpServer.address();
const checks = await converse(`http://127.0.0.1:${port}`, { gone });
// Vite's own connection, which is not ours to answer.
const [, token] =
  /wsToken = "([^"]+)"/.exec(await (await fetch(`http://127.0.0.1:${port}/@vite/client`)).text()) ??
  [];
const { WebSocket } = await import("ws");
const updates = new WebSocket(`ws://127.0.0.1:${port}/?token=${token}`, "vite-hmr");
const [first] = await new Promise((resolve, reject) => {
  updates.on("message", (...args) => resolve(args));
  updates.on("error", reject);
});
assert.equal(JSON.parse(String(first)).type, "connected");
updates.close();
report(["updates", ...checks]);
process.exit();
