// @thream/socketio-jwt: middleware that reads `handshake.auth` and refuses with `data`.

import assert from "node:assert/strict";
import { authorize } from "@thream/socketio-jwt";
import jsonwebtoken from "jsonwebtoken";
import { Server } from "socket.io";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const io = new Server(0);
const { gone, onGone } = departures();
io.use(authorize({ secret: "a secret" }));
io.on("connection", (socket) => {
  socket.emit("known", socket.decodedToken.name);
  answer(socket, onGone);
});
const url = `http://127.0.0.1:${io.httpServer.address().port}`;
const stranger = open(url);
const [refused] = await next(stranger, "connect_error");
assert.equal(refused.data.type, "UnauthorizedError");
const token = jsonwebtoken.sign({ name: "ann" }, "a secret", { algorithm: "HS256" });
const auth = { token: `Bearer ${token}` };
const client = open(url, { auth });
assert.deepEqual(await next(client, "known"), ["ann"]);
client.disconnect();
const checks = await converse(url, { options: { auth }, gone });
await io.close();
report(["refusal", "token", ...checks]);
