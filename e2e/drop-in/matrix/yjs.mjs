// y-socket.io: a document of Yjs that two clients share, in a namespace from a pattern.

import assert from "node:assert/strict";
import { Server } from "socket.io";
import { SocketIOProvider } from "y-socket.io";
import { YSocketIO } from "y-socket.io/dist/server";
import { Doc } from "yjs";
import { report } from "./conversation.mjs";

const io = new Server(0);
const documents = new YSocketIO(io);
documents.initialize();
const url = `ws://127.0.0.1:${io.httpServer.address().port}`;
const [one, two] = [new Doc(), new Doc()];
const providers = [one, two].map(
  (doc) => new SocketIOProvider(url, "room", doc, { disableBc: true }),
);
await Promise.all(
  providers.map((provider) => new Promise((resolve) => provider.once("sync", resolve))),
);
const changed = new Promise((resolve) => two.once("update", resolve));
one.getMap("m").set("a", 1);
await changed;
assert.equal(two.getMap("m").get("a"), 1);
for (const provider of providers) provider.destroy();
await io.close();
report(["shared"]);
process.exit(0);
