// A server with recovery over a log for clients that name no session, which sends numbered events to a room that each of
// them joins once. Says its port, and the numbers that the log has taken.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { adapterOf } from "./adapters.mjs";

/** @type {{ engine: import("./adapters.mjs").Engine, interval: number, pingInterval: number }} */
const { engine, interval, pingInterval } = JSON.parse(process.env["CLUSTER_NODE"] ?? "{}");

const http = createServer();
const io = new Server(http, {
  adapter: await adapterOf(engine),
  pingInterval,
  connectionStateRecovery: {
    maxDisconnectionDuration: 60_000,
    replay: { key: ({ auth }) => auth["device"] },
  },
});

io.on("connection", (socket) => {
  if (!socket.recovered) void socket.join("room");
});

let sent = 0;
let timer = /** @type {NodeJS.Timeout | null} */ (null);

function send() {
  sent += 1;
  const number = sent;
  const at = Date.now();
  io.to("room")
    .emitWithOutcome("n", number)
    .then(
      () => process.send?.({ confirmed: number, at }),
      () => {},
    );
}

process.on("message", (message) => {
  if (message === "start") timer = setInterval(send, interval);
  if (message === "stop" && timer !== null) clearInterval(timer);
});

// The test has ended, in whatever way.
process.on("disconnect", () => process.exit());

http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ listening: address.port });
});
