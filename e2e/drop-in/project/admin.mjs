// @socket.io/admin-ui: `instrument()` watches a server, and its page may join, move and disconnect sockets.
// The page's part is played by a client that speaks as the page does.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { instrument } from "@socket.io/admin-ui";
import bcrypt from "bcryptjs";
import { Server } from "socket.io";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const http = createServer();
const io = new Server(http);
const password = bcrypt.hashSync("secret", 4);
instrument(io, { auth: { type: "basic", username: "admin", password } });

const { gone, onGone } = departures();
io.use((socket, proceed) => {
  socket.data.color = "red";
  proceed();
});
io.on("connection", (socket) => {
  socket.on("recolor", (color, done) => {
    socket.data.color = color;
    done();
  });
  answer(socket, onGone);
});
io.of(/^\/dynamic-\d+$/).on("connection", () => {});
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${http.address().port}`;

const stranger = open(`${url}/admin`, { auth: { username: "admin", password: "wrong" } });
assert.equal((await next(stranger, "connect_error"))[0].message, "invalid credentials");
stranger.disconnect();

const auth = { username: "admin", password: "secret" };
const admin = open(`${url}/admin`, { auth, transports: ["websocket"] });
const seen = new Map();
const waiting = [];
admin.onAny((event, ...args) => {
  if (!seen.has(event)) seen.set(event, []);
  seen.get(event).push(args);
  for (const check of [...waiting]) check();
});

/** Resolves with the first event of that name that `accepts` says yes to, past ones included. */
function told(event, accepts = () => true) {
  return new Promise((resolve) => {
    const check = () => {
      const found = seen.get(event)?.find((args) => accepts(...args));
      if (found === undefined) return;
      waiting.splice(waiting.indexOf(check), 1);
      resolve(found);
    };
    waiting.push(check);
    check();
  });
}

const [sessionId] = await told("session");
const [{ supportedFeatures }] = await told("config");
const features = ["EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"];
assert.deepEqual(supportedFeatures, [...features, "AGGREGATED_EVENTS", "ALL_EVENTS"]);
await told("all_sockets", (sockets) => sockets.some(({ nsp }) => nsp === "/admin"));
const checks = ["login", "config"];

const again = open(`${url}/admin`, { auth: { sessionId }, transports: ["websocket"] });
await next(again, "connect");
again.disconnect();

checks.push(...(await converse(url, { gone })));
// An explicit list begins with its first.
const client = open(url, { transports: ["polling", "websocket"] });
await next(client, "connect");
const { id } = client;
const [connected] = await told("socket_connected", (socket) => socket.id === id);
assert.equal(connected.nsp, "/");
assert.deepEqual(connected.data, { color: "red" });
assert.equal(connected.transport, "polling");
assert.equal(connected.handshake.address, "127.0.0.1");
assert.equal(typeof connected.clientId, "string");
await told("socket_updated", (socket) => socket.id === id && socket.transport === "websocket");
await client.timeout(5000).emitWithAck("recolor", "blue");
await told("socket_updated", (socket) => socket.id === id && socket.data?.color === "blue");
await client.timeout(5000).emitWithAck("join", "room");
await told("room_joined", (nsp, room, who) => nsp === "/" && room === "room" && who === id);
await told("event_received", (_nsp, who, [name]) => who === id && name === "join");
client.emit("echo", "seen");
await told("event_sent", (_nsp, who, args) => who === id && args[1] === "seen");
checks.push("watching");

const dynamic = open(`${url}/dynamic-1`);
await next(dynamic, "connect");
await told("socket_connected", ({ nsp }) => nsp === "/dynamic-1");
const [stats] = await told("server_stats", ({ namespaces, clientsCount, aggregatedEvents }) => {
  const names = namespaces.map(({ name }) => name);
  return names.includes("/dynamic-1") && clientsCount === 3 && aggregatedEvents.length > 0;
});
assert.equal(stats.namespaces.find(({ name }) => name === "/").socketsCount, 1);
assert.equal(stats.pollingClientsCount, 0);
const kinds = new Set(
  seen.get("server_stats").flatMap(([each]) => each.aggregatedEvents.map(({ type }) => type)),
);
for (const kind of ["rawConnection", "packetsIn", "packetsOut", "bytesIn", "bytesOut"]) {
  assert.ok(kinds.has(kind), `${kind} is not among ${[...kinds]}`);
}
dynamic.disconnect();
checks.push("statistics");

const spoken = next(client, "announced");
admin.emit("join", "/", "made", id);
await told("room_joined", (_nsp, room, who) => room === "made" && who === id);
admin.emit("emit", "/", "made", "announced", "all");
assert.deepEqual(await spoken, ["all"]);
admin.emit("leave", "/", "made", id);
await told("room_left", (_nsp, room, who) => room === "made" && who === id);
const ended = next(client, "disconnect");
admin.emit("_disconnect", "/", false, id);
assert.equal((await ended)[0], "io server disconnect");
await told("socket_disconnected", (_nsp, who) => who === id);
admin.disconnect();
await io.close();
report([...checks, "commands"]);
