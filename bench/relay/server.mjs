// A server that passes on what one client sends to the others: by a listener, by a relay, or by the engine alone, which
// looks at nothing. Says its port over IPC.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { Server as EngineServer } from "@sockeye/node/engine";

const { way } = JSON.parse(process.argv[2] ?? "{}");
const http = createServer();
const limit = { maxHttpBufferSize: 1e8 };

if (way === "engine") {
  const engine = new EngineServer(limit);
  engine.attach(http, { path: "/socket.io" });
  /** @type {Set<any>} */
  const sockets = new Set();
  engine.on("connection", (/** @type {any} */ socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("message", (/** @type {string | Buffer} */ data) => {
      // The answer to CONNECT, for the generator.
      if (data === "0") socket.send('0{"sid":"x"}');
      else for (const other of sockets) if (other !== socket) other.send(data);
    });
  });
} else {
  const io = new Server(http, limit);
  io.on("connection", (/** @type {any} */ socket) => {
    if (way === "relay") socket.relay("cursor");
    else {
      socket.on("cursor", (/** @type {unknown[]} */ ...args) => {
        socket.broadcast.emit("cursor", ...args);
      });
    }
  });
}

process.on("message", (/** @type {{ kind: string }} */ { kind }) => {
  if (kind === "end") process.exit();
});
http.listen(0, "127.0.0.1", () => {
  process.send?.({ kind: "listening", port: /** @type {any} */ (http.address()).port });
});
