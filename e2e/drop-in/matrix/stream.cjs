// socket.io-stream: a stream of bytes from the client to the server, and back.

const assert = require("node:assert/strict");
const { Readable } = require("node:stream");
const { Server } = require("socket.io");
const streams = require("socket.io-stream");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0);
  io.on("connection", (socket) => {
    streams(socket).on("up", (stream, about) => {
      const back = streams.createStream();
      streams(socket).emit("down", back, about);
      stream.pipe(back);
    });
  });
  const client = open(`http://127.0.0.1:${io.httpServer.address().port}`);
  await next(client, "connect");
  const received = new Promise((resolve, reject) => {
    streams(client).on("down", (stream, { name }) => {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("end", () => resolve([name, Buffer.concat(chunks).toString()]));
    });
  });
  const up = streams.createStream();
  streams(client).emit("up", up, { name: "f" });
  Readable.from([Buffer.from("a"), Buffer.from("b".repeat(50_000))]).pipe(up);
  const [name, text] = await received;
  assert.equal(name, "f");
  assert.equal(text, `a${"b".repeat(50_000)}`);
  client.disconnect();
  await io.close();
  report(["up", "down"]);
}

void main();
