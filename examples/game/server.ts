// The game belongs to the server: pages say where they want to swim, and are told what has become of it, twenty times a second.

import { Server } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import { type ClientToServer, type ServerToClient, TICK_MS } from "./events.ts";
import { River } from "./river.ts";

const http = serveSite();
const io = new Server<ClientToServer, ServerToClient>(http);
const river = new River(Math.random);

io.on("connection", (socket) => {
  river.join(socket.id);
  socket.on("wish", (wish) => river.wish(socket.id, wish));
  socket.on("disconnect", () => river.leave(socket.id));
});

// Volatile: a page that cannot take a state now gets the next one instead, not both later.
const timer = setInterval(() => {
  if (io.engine.clientsCount > 0) io.volatile.emit("state", river.step());
}, TICK_MS);

listen(http, {
  close: () => {
    clearInterval(timer);
    return io.close();
  },
});
