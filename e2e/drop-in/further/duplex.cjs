// socket.io-duplexstream: a stream of bytes to the server and back, through its proxies of sockets.

const assert = require("node:assert/strict");
const { Readable } = require("node:stream");
const { Server } = require("socket.io");
const duplex = require("socket.io-duplexstream");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  io.on("connection", (socket) => {
    duplex.default(socket).on("up", (stream) => stream.pipe(stream));
  });
  const client = open(`http://127.0.0.1:${io.httpServer.address().port}`);
  await next(client, "connect");
  const stream = duplex.createStream();
  const received = new Promise((resolve) => {
    const chunks = [];
    stream.on("data", (chunk) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length === 3 * 20_000) resolve(Buffer.concat(chunks).toString());
    });
  });
  duplex.default(client).emit("up", stream);
  Readable.from(["a", "b", "c"].map((letter) => Buffer.from(letter.repeat(20_000)))).pipe(stream);
  assert.equal(await received, ["a", "b", "c"].map((letter) => letter.repeat(20_000)).join(""));
  client.disconnect();
  report(["stream"]);
  process.exit();
}

void main();
