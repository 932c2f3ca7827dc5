import { Server } from "@sockeye/fetch";
import { Hono } from "hono";

const io = new Server({ upgradeWebSocket: Deno.upgradeWebSocket });
const handler = io.handler();
const app = new Hono();
app.all("/socket.io/*", (c) => handler(c.req.raw, c.env));
Deno.serve(app.fetch);
