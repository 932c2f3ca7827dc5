// MSW 2 with @mswjs/socket.io-binding: the script for pages, whose WebSocket is intercepted. Node 20 has the class only with
// `--experimental-websocket`.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toSocketIo } from "@mswjs/socket.io-binding";
import { ws } from "msw";
import { setupServer } from "msw/node";
import { next, report } from "./conversation.mjs";

const chat = ws.link("ws://chat.example/*");
const heard = [];
const server = setupServer(
  chat.addEventListener("connection", (connection) => {
    const { client } = toSocketIo(connection);
    client.on("hello", (_event, name) => {
      heard.push(name);
      client.emit("greetings", `Hello, ${name}!`);
    });
  }),
);
server.listen({ onUnhandledRequest: "bypass" });
const folder = await mkdtemp(join(tmpdir(), "msw-"));
const script = join(folder, "client.mjs");
await copyFile(
  join(import.meta.dirname, "node_modules/socket.io-client/dist/socket.io.esm.min.js"),
  script,
);
const { io } = await import(pathToFileURL(script));
const client = io("http://chat.example", { transports: ["websocket"] });
await next(client, "connect");
const greeted = next(client, "greetings");
client.emit("hello", "Ann");
assert.deepEqual(await greeted, ["Hello, Ann!"]);
assert.deepEqual(heard, ["Ann"]);
client.disconnect();
server.close();
await rm(folder, { recursive: true });
report(["mocked"]);
process.exit(0);
