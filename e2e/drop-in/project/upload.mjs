// socketio-file-upload: a file in chunks, as its browser script sends them, and the file that the server has written.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "socket.io";
import Uploader from "socketio-file-upload";
import { answer, converse, departures, next, open, report } from "./conversation.mjs";

const dir = await mkdtemp(join(tmpdir(), "upload-"));
const io = new Server(0);
const { gone, onGone } = departures();
const saved = new Promise((resolve, reject) => {
  io.on("connection", (socket) => {
    const uploader = new Uploader();
    uploader.dir = dir;
    uploader.on("saved", ({ file }) => resolve(file));
    uploader.on("error", ({ error }) => reject(error));
    uploader.listen(socket);
    answer(socket, onGone);
  });
});
const url = `http://127.0.0.1:${io.httpServer.address().port}`;
const client = open(url);
await next(client, "connect");
const content = Buffer.from("from a socket, in two chunks");
const ready = next(client, "siofu_ready");
const about = { name: "f.txt", mtime: new Date(), encoding: "octet", size: content.length, id: 0 };
client.emit("siofu_start", about);
const [{ id }] = await ready;
for (const [start, end] of [
  [0, 10],
  [10, content.length],
]) {
  const chunk = next(client, "siofu_chunk");
  client.emit("siofu_progress", {
    id,
    start,
    end,
    size: content.length,
    content: content.subarray(start, end),
  });
  await chunk;
}
client.emit("siofu_done", { id });
const file = await saved;
assert.equal(file.success, true);
assert.deepEqual(await readFile(file.pathName), content);
await rm(dir, { recursive: true });
client.disconnect();
report(["upload", ...(await converse(url, { gone }))]);
await io.close();
