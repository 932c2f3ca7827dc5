// A server with recovery over a log, which sends numbered events to all clients, and others to a room that every client
// joins. Says `listening` with its port, and the numbers that the log has taken.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { adapterOf } from "./adapters.mjs";

/** @type {{ name: string, engine: import("./adapters.mjs").Engine, interval: number }} */
const { engine, interval, name } = JSON.parse(process.env["CLUSTER_NODE"] ?? "{}");

const http = createServer();
const connectionStateRecovery = { maxDisconnectionDuration: 60_000 };
const io = new Server(http, { adapter: await adapterOf(engine), connectionStateRecovery });

io.on("connection", (socket) => {
  if (!socket.recovered) void socket.join("room");
  socket.data.visits = (socket.data.visits ?? 0) + 1;
});

let sent = 0;
let refused = 0;
let timer = /** @type {NodeJS.Timeout | null} */ (null);

function send() {
  sent += 1;
  const number = sent;
  const events = [
    io.emitWithOutcome("all", name, number),
    io.to("room").emitWithOutcome("room", name, number),
  ];
  Promise.all(events).then(
    () => process.send?.({ confirmed: number }),
    () => {
      refused += 1;
      process.send?.({ refused });
    },
  );
}

process.on("message", (message) => {
  if (message === "start") timer = setInterval(send, interval);
  if (message === "stop" && timer !== null) clearInterval(timer);
  if (message === "close") void io.close().then(() => process.exit());
});

// The test has ended, in whatever way.
process.on("disconnect", () => process.exit());

// A client of a server whose log is not open yet would not hear what the others send.
await io.emitWithOutcome("opened");

http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ listening: address.port });
});
