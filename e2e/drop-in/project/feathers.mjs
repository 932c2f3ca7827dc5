// Feathers: service methods as acknowledged events, real-time events through channels.

import assert from "node:assert/strict";
import { feathers } from "@feathersjs/feathers";
import socketio from "@feathersjs/socketio";
import socketioClient from "@feathersjs/socketio-client";
import { next, open, report } from "./conversation.mjs";

const app = feathers();
let server;
app.configure(
  socketio({ pingInterval: 10_000 }, (io) => {
    server = io;
    io.use((socket, proceed) => {
      socket.feathers.user = socket.handshake.auth.user;
      proceed();
    });
  }),
);

const messages = [];
app.use("messages", {
  async find() {
    return messages;
  },
  async create(data, { user, provider }) {
    if (data.text === "") throw new Error("a message needs a text");
    const message = { id: messages.length, text: data.text, user, provider };
    messages.push(message);
    return message;
  },
});
app.on("connection", (connection) => app.channel(`room-${connection.user}`).join(connection));
app.service("messages").publish("created", () => app.channel("room-ann"));
const left = new Promise((resolve) => app.on("disconnect", resolve));

const http = await app.listen(0, "127.0.0.1");
if (!http.listening) await new Promise((resolve) => http.once("listening", resolve));
const url = `http://127.0.0.1:${http.address().port}`;

async function join(user) {
  const socket = open(url, { auth: { user } });
  const client = feathers().configure(socketioClient(socket));
  await next(socket, "connect");
  return { client, socket };
}
const [ann, bob] = [await join("ann"), await join("bob")];

const created = next(ann.client.service("messages"), "created");
const heardByBob = [];
bob.client.service("messages").on("created", (message) => heardByBob.push(message));
const expected = { id: 0, text: "hello", user: "bob", provider: "socketio" };
assert.deepEqual(await bob.client.service("messages").create({ text: "hello" }), expected);
assert.deepEqual(await created, [expected]);
assert.deepEqual(await bob.client.service("messages").find(), [expected]);
assert.deepEqual(heardByBob, []);
await assert.rejects(bob.client.service("messages").create({ text: "" }), {
  message: "a message needs a text",
});

bob.socket.disconnect();
assert.equal((await left).user, "bob");
ann.socket.disconnect();
await server.close();
report(["echo", "ack", "room", "disconnect", "error"]);
