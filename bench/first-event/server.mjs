// The server for the measurement of first events: emits one to each socket at once, and serves a page that
// loads its client. Its plan names the module that brings `Server`.

import { createServer } from "node:http";
import { bareFirstEvent, firstEvent } from "./first-event.mjs";

const PAGE = `<!doctype html><meta charset="utf-8"><title>first event</title>
<link rel="icon" href="data:,">
<script src="/socket.io/socket.io.js"></script>
<script>${firstEvent}\n${bareFirstEvent}</script>`;

const { module } = JSON.parse(process.argv[2] ?? "{}");
const { Server } = await import(module);
const http = createServer((request, response) => {
  if (request.url === "/page") response.setHeader("content-type", "text/html").end(PAGE);
  else response.writeHead(404).end();
});
const io = new Server(http);
io.on("connection", (/** @type {{ emit(event: string): void }} */ socket) => {
  socket.emit("first");
});
process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
http.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ kind: "ready", port });
});
