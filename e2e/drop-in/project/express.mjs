// Express with express-session and Passport, in front of the engine: `io.engine.use(middleware)`.
// Who has logged in over HTTP is known to the sockets, over polling and WebSocket alike.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import express from "express";
import session from "express-session";
import passport from "passport";
import { Strategy } from "passport-local";
import { Server } from "socket.io";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const app = express();
const http = createServer(app);
const sessions = session({ secret: "changeit", resave: false, saveUninitialized: false });

passport.use(
  new Strategy((username, password, done) =>
    password === "secret" ? done(null, { id: 7, username }) : done(null, false),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

app.use(express.urlencoded({ extended: false }));
app.use(sessions);
app.use(passport.session());
app.post("/login", passport.authenticate("local"), (request, response) => {
  response.json({ session: request.session.id });
});
app.post("/logout", (request, response) => {
  // Found by the room that every socket of the session is in.
  io.in(`session:${request.session.id}`).disconnectSockets();
  request.logout(() => response.status(204).end());
});

const io = new Server(http);

function onlyForHandshake(middleware) {
  return (request, response, proceed) => {
    if (request._query.sid === undefined) middleware(request, response, proceed);
    else proceed();
  };
}
io.engine.use(onlyForHandshake(sessions));
io.engine.use(onlyForHandshake(passport.session()));
io.engine.use(
  onlyForHandshake((request, response, proceed) => {
    if (request.user) proceed();
    else {
      response.writeHead(401);
      response.end();
    }
  }),
);

const { gone, onGone } = departures();
io.on("connection", (socket) => {
  const { request } = socket;
  void socket.join(`session:${request.session.id}`);
  socket.on("who", (done) => done(request.user.username, request.session.id));
  socket.on("count", (done) => {
    // The session can be written from an event.
    request.session.reload((error) => {
      assert.ifError(error);
      request.session.count = (request.session.count ?? 0) + 1;
      request.session.save(() => done(request.session.count));
    });
  });
  answer(socket, onGone);
});
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${http.address().port}`;

async function log(inOrOut, headers = {}) {
  const body = new URLSearchParams({ username: "ann", password: "secret" });
  return fetch(`${url}/${inOrOut}`, { method: "POST", body, headers });
}
const login = await log("login");
assert.equal(login.status, 200);
const cookie = login.headers.getSetCookie()[0].split(";")[0];
const extraHeaders = { cookie };

for (const transport of ["polling", "websocket"]) {
  const stranger = open(url, { transports: [transport] });
  const [error] = await next(stranger, "connect_error");
  assert.ok(error instanceof Error);

  const client = open(url, { transports: [transport], extraHeaders });
  await next(client, "connect");
  const known = await new Promise((resolve) => client.emit("who", (...args) => resolve(args)));
  assert.deepEqual(known, ["ann", (await login.clone().json()).session]);
  await client.timeout(5000).emitWithAck("count");
  client.disconnect();
}

const client = open(url, { extraHeaders });
await next(client, "connect");
assert.equal(await client.timeout(5000).emitWithAck("count"), 3);
const checks = await converse(url, { options: { extraHeaders }, gone });
const ended = next(client, "disconnect");
assert.equal((await log("logout", extraHeaders)).status, 204);
assert.equal((await ended)[0], "io server disconnect");
await io.close();
report(["session", "refusal", ...checks, "logout"]);
