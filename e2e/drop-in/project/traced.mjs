// A conversation, and the spans that must have come of it.

import assert from "node:assert/strict";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

/** Converses with a server made of `Server`, and looks at what `spans` has afterwards. */
export async function checkSpans(http, { Server, spans }) {
  const io = new Server(http);
  const { gone, onGone } = departures();
  io.on("connection", (socket) => answer(socket, onGone));
  io.of("/other").on("connection", (socket) => socket.on("ask", (done) => done()));
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${http.address().port}`;
  const checks = await converse(url, { gone });
  const client = open(`${url}/other`);
  await next(client, "connect");
  await client.timeout(5000).emitWithAck("ask");
  const heard = next(client, "news");
  io.of("/other").in("nobody").emit("unheard");
  io.of("/other").emit("news", 1);
  await heard;
  client.disconnect();
  await io.close();

  const found = spans().map(({ name, attributes }) => {
    const rooms = attributes["messaging.socket.io.rooms"];
    return [name, attributes["messaging.socket.io.event_name"], rooms];
  });
  const has = (name, event, rooms) => {
    const matches = found.filter(([a, b]) => a === name && b === event);
    assert.ok(matches.length > 0, `no span ${name} ${event} among ${JSON.stringify(found)}`);
    if (rooms !== undefined) assert.deepEqual(matches[0][2], rooms);
  };
  has("receive /", "connection");
  for (const event of ["echo", "add", "join", "shout"]) has("receive /", event);
  has("send /", "echo");
  has("send /", "shouted", ["room"]);
  has("receive /other", "ask");
  has("send /other", "unheard", ["nobody"]);
  has("send /other", "news");
  report([...checks, "spans"]);
}
