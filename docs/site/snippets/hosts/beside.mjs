import { Server } from "@sockeye/bun";
import { Hono } from "hono";

const io = new Server();
/** @type {Hono<{ Bindings: import("@sockeye/bun").BunServer }>} */
const app = new Hono();

// #region shown
const { fetch, ...rest } = io.handler();
app.all("/socket.io/*", (c) => fetch(c.req.raw, c.env));
export default { port: 3000, ...rest, fetch: app.fetch };
// #endregion shown
