// Socket.IO on Bun with the engine that its authors made for it, where both are installed. Run by Bun.
// @ts-expect-error present only where somebody installed it
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const { Bun } = /** @type {any} */ (globalThis);
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
