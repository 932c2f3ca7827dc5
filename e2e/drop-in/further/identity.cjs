// Who a client is: passport.socketio, socketio-jwt 4, socketio-jwt-auth, socket.io-cookie-parser, socket.io-express-session.

const assert = require("node:assert/strict");
const { createHmac } = require("node:crypto");
const session = require("express-session");
const jwt = require("jsonwebtoken");
const passportSocketIo = require("passport.socketio");
const { Server } = require("socket.io");
const cookieParser = require("socket.io-cookie-parser");
const sharedSession = require("socket.io-express-session");
const socketioJwt = require("socketio-jwt");
const jwtAuth = require("socketio-jwt-auth");

const secret = "s";
const signed = (value) =>
  encodeURIComponent(
    `s:${value}.${createHmac("sha256", secret).update(value).digest("base64").replace(/=+$/, "")}`,
  );

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  const url = `http://127.0.0.1:${io.httpServer.address().port}`;
  const store = new session.MemoryStore();
  store.set("known", { passport: { user: 7 }, cookie: {} });
  const passport = {
    _key: "passport",
    deserializeUser: (key, _request, done) => done(null, { name: `user ${key}` }),
  };
  io.of("/passport").use(passportSocketIo.authorize({ secret, store, passport }));
  io.of("/passport").on("connection", ({ request: { user }, emit }) => void [user, emit]);
  io.of("/jwt").use(socketioJwt.authorize({ secret, handshake: true }));
  io.of("/auth").use(
    jwtAuth.authenticate({ secret, algorithm: "HS256" }, (payload, done) =>
      done(null, { name: payload.name }),
    ),
  );
  io.of("/cookie").use(cookieParser(secret));
  io.of("/session").use(
    sharedSession(session({ secret, store, resave: false, saveUninitialized: false })),
  );
  const who = {
    "/passport": (socket) => [socket.request.user.name, socket.request.user.logged_in],
    "/jwt": (socket) => socket.decoded_token.name,
    "/auth": (socket) => [socket.request.user.name, socket.request.user.logged_in],
    "/cookie": (socket) => [
      socket.request.cookies.plain,
      socket.request.signedCookies["connect.sid"],
    ],
    "/session": (socket) => socket.handshake.session.passport.user,
  };
  for (const [name, say] of Object.entries(who)) {
    io.of(name).on("connection", (socket) => socket.emit("you are", say(socket)));
  }
  const Cookie = `plain=1; connect.sid=${signed("known")}`;
  const token = jwt.sign({ name: "Ada" }, secret);
  const told = async (name, options) => {
    const client = open(`${url}${name}`, options);
    const [answer] = await next(client, "you are");
    client.disconnect();
    return answer;
  };
  const refused = async (name, options = {}) => {
    const client = open(`${url}${name}`, options);
    const [error] = await next(client, "connect_error");
    client.disconnect();
    return error;
  };
  assert.deepEqual(await told("/passport", { extraHeaders: { Cookie } }), ["user 7", true]);
  assert.match((await refused("/passport")).message, /No session found/);
  assert.equal(await told("/jwt", { query: { token } }), "Ada");
  assert.equal((await refused("/jwt")).data.type, "UnauthorizedError");
  assert.deepEqual(await told("/auth", { auth: { auth_token: token } }), ["Ada", true]);
  assert.match((await refused("/auth")).message, /token/i);
  assert.deepEqual(await told("/cookie", { extraHeaders: { Cookie } }), ["1", "known"]);
  assert.equal(await told("/session", { extraHeaders: { Cookie } }), 7);
  await io.close();
  report(["passport", "jwt", "jwt-auth", "cookies", "session"]);
  process.exit();
}

void main();
