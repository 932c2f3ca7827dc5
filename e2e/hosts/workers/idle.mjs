// Idle clients cost no wake-up: clients of Socket.IO connect to one Durable Object in workerd and are silent. Counts what
// wakes the object meanwhile, and whether each client still is there afterwards. `npm run workers:idle [clients] [seconds]`.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { io } from "socket.io-client";
import { Workerd } from "./workerd.mjs";

const [clients = 1000, seconds = 300] = process.argv.slice(2).map(Number);
/** The engine's longest deadlines of a new connection have passed, and workerd has evicted the object. */
const SETTLING_MS = 75_000;

const workerd = await Workerd.start(join(import.meta.dirname, "hibernation-object.mjs"), {
  entrypoints: ["site"],
});
const port = await workerd.portOf("site");
const read = async () => await (await workerd.fetch("http://worker/counts")).json();

const sockets = [];
for (let at = 0; at < clients; at++) {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
  socket.on("disconnect", (reason) => console.error(`a client was disconnected: ${reason}`));
  await new Promise((resolve) => socket.on("connect", resolve));
  await socket.emitWithAck("join", "idle", `client ${at}`);
  sockets.push(socket);
}
console.log(`${clients} clients have connected`);
await sleep(SETTLING_MS);

const before = await read();
await sleep(seconds * 1000);
const after = await read();
const wakeUps = Object.entries(after.counts).map(([name, count]) => [
  name,
  count - before.counts[name],
]);
console.log(`In ${seconds} s:`, Object.fromEntries(wakeUps));

let received = 0;
for (const socket of sockets) socket.on("said", () => received++);
const started = performance.now();
await workerd.fetch("http://worker/say?room=idle&text=hello");
while (received < clients && performance.now() - started < 30_000) await sleep(10);
const awake = await read();
console.log(
  `Woken up: ${awake.counts.constructed - after.counts.constructed}; a broadcast reached ${received} of ${clients} after ${Math.round(performance.now() - started)} ms`,
);
const who = await sockets[0].emitWithAck("who");
console.log("The first client's socket:", who);

for (const socket of sockets) socket.off("disconnect").close();
await workerd.stop();
const isFine = wakeUps.every(([, count]) => count === 0) && received === clients && who.adopted;
process.exit(isFine ? 0 : 1);
