// One server of the measurement, in a process of its own: publishes when it is told to, and says how much CPU it has
// taken. `node node.mjs SERVER ADAPTER URL KEY`.

import { once } from "node:events";
import { createServer } from "node:http";
import { Redis } from "ioredis";

const [, , server = "", adapter = "", url = "", key = ""] = process.argv;
const { Server } = await import(server);
const module = await import(adapter.split(" ")[0] ?? "");
const pub = new Redis(url);
const sub = pub.duplicate();
await Promise.all([once(pub, "ready"), once(sub, "ready")]);
const make = adapter.includes("sharded") ? module.createShardedAdapter : module.createAdapter;
const wire = adapter.includes("compatible") ? { wire: "socket.io" } : {};
const http = createServer();
const routing = adapter.includes("by rooms") ? { routeByRooms: true } : {};
const options = { key, channelPrefix: key, ...wire, ...routing };
const io = new Server(http, { adapter: make(pub, sub, options) });

/**
 * Sends so many events, at most so many in one turn of the event loop; then one to the room of the client.
 * @param {{ count: number, atOnce: number, room?: string }} what
 */
function publish({ atOnce, count, room = "room" }, first = 0) {
  const end = Math.min(first + atOnce, count);
  for (let number = first; number < end; number++) {
    io.to(room).emit("message", number, "some text of an ordinary length, as in a chat");
  }
  if (end < count) setImmediate(() => publish({ atOnce, count, room }, end));
  else if (room !== "room") io.to("room").emit("message", count, "the last one");
}

/** @param {import("@sockeye/node").Socket} socket */
const joinRoom = (socket) => socket.join("room");
io.on("connection", joinRoom);
process.on("message", (message) => {
  if (message.count !== undefined) publish(message);
  else process.send?.({ cpu: process.cpuUsage() });
});
http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ port: address.port });
});
