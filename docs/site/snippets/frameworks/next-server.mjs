import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import next from "next";

const app = next({ dev: process.env.NODE_ENV !== "production" });
await app.prepare();
const handle = app.getRequestHandler();

const http = createServer((request, response) => handle(request, response));
// Next handles upgrades of its own during development: leave those of other paths alone.
const io = new Server(http, { destroyUpgrade: false });
io.on("connection", (socket) => {
  socket.on("say", (text) => io.emit("said", text));
});

http.listen(3000);
