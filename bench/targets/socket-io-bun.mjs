// Socket.IO on Bun with the engine that its authors made for it. Run by Bun.
import { Server } from "socket.io";
import { importPeer } from "../kit/peers.mjs";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const { Bun } = /** @type {any} */ (globalThis);
const { Server: Engine } = await importPeer("@socket.io/bun-engine");
const io = new Server();
const engine = new Engine({ path: "/socket.io/", ...plan });
io.bind(engine);
serve(io);
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 60,
  ...engine.handler(),
});
ready(server.port);
