// Clients that behave, in a process of their own: they ask something all the time, over both transports, and measure how long
// the answer takes. They must stay connected.

import { io } from "socket.io-client";

const EVERY_MS = 25;
const { url } = JSON.parse(process.argv[2]);
const kinds = [["websocket"], ["websocket"], ["polling"], ["polling"]];
let times = [];
let lost = 0;
let asked = 0;
let answered = 0;

const clients = kinds.map((transports) =>
  io(url, { transports, forceNew: true, auth: { healthy: true } }),
);
for (const client of clients) client.on("disconnect", () => lost++);
await Promise.all(
  clients.map((client) => new Promise((resolve) => client.once("connect", resolve))),
);

setInterval(() => {
  for (const client of clients) {
    if (!client.connected) continue;
    const began = performance.now();
    asked++;
    client.emit("ask", asked, () => {
      answered++;
      times.push(performance.now() - began);
    });
  }
}, EVERY_MS);

function quantile(share) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

process.on("message", ({ id, op }) => {
  if (op === "reset") {
    times = [];
    [asked, answered, lost] = [0, 0, 0];
  }
  const connected = clients.filter(({ connected: isConnected }) => isConnected).length;
  const value = {
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    asked,
    answered,
    lost,
    connected,
  };
  process.send({ id, value });
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
