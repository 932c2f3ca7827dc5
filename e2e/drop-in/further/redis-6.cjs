// socket.io-redis 6 with two servers, and socket.io-emitter 3, over redis 3.

const assert = require("node:assert/strict");
const { createClient } = require("redis");
const { Server } = require("socket.io");
const createEmitter = require("socket.io-emitter");
const createAdapter = require("socket.io-redis");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const made = [];
  const redis = () => {
    const client = createClient(process.env.REDIS_SOCKET);
    made.push(client);
    return client;
  };
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const io = new Server(0);
      io.adapter(createAdapter({ pubClient: redis(), subClient: redis() }));
      io.on("connection", (socket) => {
        socket.on("join", async (room, done) => done(await socket.join(room)));
        socket.on("shout", (text) => socket.to("room").emit("shouted", text, Buffer.from([1])));
      });
      return io;
    }),
  );
  const clients = servers.map((io) => open(`http://127.0.0.1:${io.httpServer.address().port}`));
  await Promise.all(clients.map((client) => next(client, "connect")));
  for (const client of clients) await client.timeout(5000).emitWithAck("join", "room");
  const [one, two] = clients;
  const [io] = servers;
  // Subscribing has no end that the adapter tells of.
  while ((await io.allSockets()).size < 2);
  const shouted = next(two, "shouted");
  one.emit("shout", "all");
  assert.deepEqual(await shouted, ["all", Buffer.from([1])]);
  assert.deepEqual(
    [...(await io.of("/").adapter.allRooms())].sort(),
    [one.id, two.id, "room"].sort(),
  );
  assert.deepEqual((await io.fetchSockets()).map(({ id }) => id).sort(), [one.id, two.id].sort());
  const emitter = createEmitter(redis());
  const heard = Promise.all(clients.map((client) => next(client, "news")));
  emitter.to("room").emit("news", 7);
  assert.deepEqual(await heard, [[7], [7]]);
  await io.of("/").adapter.remoteJoin(two.id, "late");
  const late = next(two, "late");
  io.to("late").emit("late");
  await late;
  const gone = next(two, "disconnect");
  await io.of("/").adapter.remoteDisconnect(two.id, true);
  await gone;
  report(["broadcast", "rooms", "fetch", "emitter", "join", "disconnect"]);
  process.exit();
}

void main();
