// Our server on Deno, as built. Run by Deno.
import { Server } from "@sockeye/deno";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const io = new Server(plan);
// That ours can stand in for Socket.IO's is shown by the type tests.
serve(/** @type {any} */ (io));
const where = { port: 0, hostname: "127.0.0.1", onListen() {} };
ready(/** @type {any} */ (globalThis).Deno.serve(where, io.handler()).addr.port);
