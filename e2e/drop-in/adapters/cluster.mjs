// What servers that an adapter connects have to manage together. The clients give the commands, so that the servers may be in
// one process or in several. Knows no adapter.

import assert from "node:assert/strict";
import { next, open } from "./conversation.mjs";

const LIMIT_MS = 10_000;

/** Lets clients command a server. */
export function serve(io, name) {
  const nsp = io.of("/");
  io.on("who", (answer) => answer(name));
  io.on("news", (text) => nsp.local.emit("news", name, text));
  io.on("connection", (socket) => {
    socket.data.name = name;
    socket.on("count", async (done) => done(await nsp.adapter.serverCount()));
    socket.on("join", async (room, done) => {
      await socket.join(room);
      done(true);
    });
    socket.on("rooms", (done) => done([...socket.rooms].filter((room) => room !== socket.id)));
    socket.on("shout", ({ room, value }, done) => {
      (room === undefined ? io : io.to(room)).emit("shouted", value);
      done(true);
    });
    socket.on("ask all", async (done) => done(await io.timeout(LIMIT_MS).emitWithAck("ask")));
    socket.on("fetch", async (done) => {
      const found = await io.fetchSockets();
      done(found.map(({ data, id }) => [id, data.name]));
    });
    socket.on("move", ({ id, room }, done) => {
      io.in(id).socketsJoin(room);
      done(true);
    });
    socket.on("servers", async (done) => done(await io.serverSideEmitWithAck("who")));
    socket.on("tell servers", (text, done) => {
      io.serverSideEmit("news", text);
      done(true);
    });
    socket.on("kick", (id, done) => {
      io.in(id).disconnectSockets();
      done(true);
    });
  });
}

/** Asks again until it is so; every question waits for its answer. */
async function until(ask, isSo) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
  }
}

/** Speaks with two servers called `one` and `two`; returns what was checked. */
export async function converseAcross([url, otherUrl]) {
  const checks = [];
  const [near, far] = [open(url), open(otherUrl)];
  await Promise.all([next(near, "connect"), next(far, "connect")]);
  const ask = (client, ...args) => client.timeout(LIMIT_MS).emitWithAck(...args);
  await until(
    () => Promise.all([ask(near, "count"), ask(far, "count")]),
    ([one, two]) => one === 2 && two === 2,
  );

  let shouted = next(far, "shouted");
  const value = { text: "é", bytes: Buffer.from([1, 2, 3]) };
  await ask(near, "shout", { value });
  // With recovery the packet's offset follows.
  assert.deepEqual((await shouted)[0], value);
  checks.push("broadcast");

  await ask(far, "join", "room");
  const heard = [];
  near.on("shouted", (each) => heard.push(each));
  shouted = next(far, "shouted");
  await ask(near, "shout", { room: "room", value: "inside" });
  assert.deepEqual((await shouted)[0], "inside");
  await ask(near, "count");
  assert.deepEqual(
    heard.filter((each) => each === "inside"),
    [],
  );
  checks.push("room");

  near.on("ask", (answer) => answer("near"));
  far.on("ask", (answer) => answer("far"));
  assert.deepEqual((await ask(near, "ask all")).sort(), ["far", "near"]);
  checks.push("ack");

  assert.deepEqual(
    (await ask(near, "fetch")).sort(),
    [
      [near.id, "one"],
      [far.id, "two"],
    ].sort(),
  );
  checks.push("fetch");

  await ask(near, "move", { id: far.id, room: "moved" });
  await until(
    () => ask(far, "rooms"),
    (rooms) => rooms.includes("moved"),
  );
  checks.push("join");

  assert.deepEqual(await ask(near, "servers"), ["two"]);
  const news = next(far, "news");
  await ask(near, "tell servers", "hello");
  assert.deepEqual(await news, ["two", "hello"]);
  checks.push("servers");

  const gone = next(far, "disconnect");
  await ask(near, "kick", far.id);
  assert.deepEqual((await gone)[0], "io server disconnect");
  checks.push("disconnect");
  near.disconnect();
  return checks;
}

/**
 * A client of the first server misses what the second one sends, and comes back.
 * @param servers two of them, with `connectionStateRecovery`
 */
export async function recoverAcross([one, two], url) {
  const client = open(url, { reconnection: true, reconnectionDelay: 10 });
  const [[socket]] = await Promise.all([next(one, "connection"), next(client, "connect")]);
  socket.join("kept");
  const first = next(client, "first");
  two.to("kept").emit("first");
  await first;
  const { id } = client;
  const left = next(socket, "disconnect");
  const missed = next(client, "missed");
  client.io.engine.close();
  await left;
  two.to("kept").emit("missed", 1);
  assert.deepEqual((await missed)[0], 1);
  assert.deepEqual([client.recovered, client.id], [true, id]);
  client.disconnect();
  return ["recovery"];
}

/** Two servers in this process, each with an adapter of its own. */
export async function startTwo(Server, adapterOf, options = {}) {
  const servers = [];
  for (const name of ["one", "two"]) {
    const io = new Server(0, { adapter: adapterOf(), ...options });
    serve(io, name);
    servers.push(io);
  }
  const urls = servers.map((io) => `http://127.0.0.1:${io.httpServer.address().port}`);
  return { servers, urls };
}
