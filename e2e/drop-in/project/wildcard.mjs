// socketio-wildcard, which replaces `onevent` of a socket, on the server and on the client, and raises with the `emit` of
// Node's emitter and of the client's Manager.

import assert from "node:assert/strict";
import { Server } from "socket.io";
import { io as connect, Manager } from "socket.io-client";
import wildcard from "socketio-wildcard";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const io = new Server(0);
const { gone, onGone } = departures();
const starred = [];
io.use(wildcard());
io.on("connection", (socket) => {
  socket.on("*", ({ data }) => starred.push(data[0]));
  answer(socket, onGone);
});
const url = `http://127.0.0.1:${io.httpServer.address().port}`;
const checks = await converse(url, { gone });
assert.deepEqual(starred, ["echo", "add", "join", "join", "shout"]);

const client = open(url);
await next(client, "connect");
const heard = [];
wildcard(Manager)(client);
client.on("*", ({ data }) => heard.push(data));
const echoed = next(client, "echo");
client.emit("echo", 7);
assert.deepEqual(await echoed, [7]);
assert.deepEqual(heard, [["echo", 7]]);
assert.equal(typeof connect, "function");
client.disconnect();
await io.close();
report(["server", "client", ...checks]);
