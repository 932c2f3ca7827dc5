// express-socket.io-session, which gives each socket the session of its cookie and, with `autoSave`, replaces `onevent` to
// save the session after each event.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import express from "express";
import session from "express-session";
import sharedSession from "express-socket.io-session";
import { Server } from "socket.io";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const app = express();
const http = createServer(app);
const sessions = session({ secret: "changeit", resave: true, saveUninitialized: true });
app.use(sessions);
app.get("/count", (request, response) => response.json(request.session.count ?? 0));

const io = new Server(http);
io.use(sharedSession(sessions, { autoSave: true }));
const { gone, onGone } = departures();
io.on("connection", (socket) => {
  socket.on("count", (done) => {
    const { session: own } = socket.handshake;
    own.count = (own.count ?? 0) + 1;
    done(own.count);
  });
  answer(socket, onGone);
});
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${http.address().port}`;
const first = await fetch(`${url}/count`);
assert.equal(await first.json(), 0);
const cookie = first.headers.getSetCookie()[0].split(";")[0];

const client = open(url, { extraHeaders: { cookie } });
await next(client, "connect");
assert.equal(await client.timeout(5000).emitWithAck("count"), 1);
assert.equal(await client.timeout(5000).emitWithAck("count"), 2);
// Saved on the next tick after the event, which is before this request is answered.
const again = await fetch(`${url}/count`, { headers: { cookie } });
assert.equal(await again.json(), 2);
client.disconnect();
const checks = await converse(url, { options: { extraHeaders: { cookie } }, gone });
await io.close();
report(["session", "autoSave", ...checks]);
