// Shows what it costs to serve this very page.

import { Server } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import type { ClientToServer, Sample, ServerToClient } from "./events.ts";
import { Meter } from "./meter.ts";

const KEPT = 60;
const INTERVAL_MS = Number(process.env["INTERVAL_MS"] ?? 1000);

const http = serveSite();
const io = new Server<ClientToServer, ServerToClient>(http);
const meter = new Meter();
let history: Sample[] = [];

io.on("connection", (socket) => {
  socket.onAny(() => {
    meter.events += 1;
  });
  socket.on("watch", (isWatching) => {
    if (isWatching !== true) return void socket.leave("watching");
    void socket.join("watching");
    socket.emit("history", history);
  });
  socket.on("ping", (answer) => answer());
});

const timer = setInterval(() => {
  const sample = meter.sample(io.engine.clientsCount);
  history = [...history, sample].slice(-KEPT);
  // A page that cannot take it now shall not get it later.
  io.to("watching").volatile.emit("sample", sample);
}, INTERVAL_MS);

listen(http, {
  close: () => {
    clearInterval(timer);
    return io.close();
  },
});
