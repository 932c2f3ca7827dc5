// One server of the measurement, in a process of its own: publishes when it is told to, and says how much CPU it has
// taken. `node node.mjs SERVER ENGINE`, the engine as JSON.

import { createServer } from "node:http";
import { adapterOf } from "../../e2e/cluster/programs/adapters.mjs";

const [, , server = "", engine = ""] = process.argv;
const { Server } = await import(server);
const http = createServer();
const io = new Server(http, { adapter: await adapterOf(JSON.parse(engine)) });

/**
 * @typedef {object} Order
 * @property {string} room
 * @property {number} count
 * @property {number} atOnce
 * @property {string} mark of the event to the room of the client that follows them
 */

/**
 * Sends so many events to a room, at most so many in one turn of the event loop.
 * @param {Order} order
 * @param {number} [first]
 */
function publish(order, first = 0) {
  const { room, count, atOnce, mark } = order;
  const end = Math.min(first + atOnce, count);
  for (let number = first; number < end; number++) {
    io.to(room).emit("message", number, "some text of an ordinary length, as in a chat");
  }
  if (end < count) setImmediate(() => publish(order, end));
  else io.to("room").emit("mark", mark);
}

/** @param {import("@sockeye/node").Socket} socket */
const joinRoom = (socket) => socket.join("room");
io.on("connection", joinRoom);
process.on("message", (/** @type {Order | "cpu"} */ order) => {
  if (order === "cpu") process.send?.({ cpu: process.cpuUsage() });
  else publish(order);
});
http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ port: address.port });
});
