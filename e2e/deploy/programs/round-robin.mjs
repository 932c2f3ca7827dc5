// A server behind a balancer that sends each request to the next one: sessions of other servers are passed on.
//
//   PORT, NAME; ENGINE: the adapter, as JSON

import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Server } from "@sockeye/node";
import { adapterOf } from "../../cluster/programs/adapters.mjs";

const { ENGINE = "{}", NAME, PORT } = process.env;
const adapter = await adapterOf(JSON.parse(ENGINE));
const http = createServer();
const io = new Server(http, { adapter, forwardSessions: true, healthChecks: true });
io.on("connection", (socket) => {
  socket.on("number", (number, bytes, answer) => answer({ by: NAME, number, bytes }));
});
const counted = async () => {
  while ((await io.of("/").adapter.serverCount()) < 3) await pause(20);
};
http.listen(Number(PORT), "127.0.0.1", async () => {
  // The balancer must not ask a server that does not know the others.
  process.send?.({ listening: true });
  await counted();
  process.send?.({ knows: true });
});
