// Our server over Request and Response, as built, with Deno's WebSockets. Run by Deno.
import { Server } from "@sockeye/fetch";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const { Deno } = /** @type {any} */ (globalThis);
const io = new Server({ ...plan, upgradeWebSocket: Deno.upgradeWebSocket });
// That ours can stand in for Socket.IO's is shown by the type tests.
serve(/** @type {any} */ (io));
const where = { port: 0, hostname: "127.0.0.1", onListen() {} };
ready(Deno.serve(where, io.handler()).addr.port);
