// Our server on Bun, as built. Run by Bun.
import { Server } from "@sockeye/bun";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const io = new Server(plan);
// That ours can stand in for Socket.IO's is shown by the type tests.
serve(/** @type {any} */ (io));
const where = { port: 0, hostname: "127.0.0.1" };
ready(/** @type {any} */ (globalThis).Bun.serve({ ...where, ...io.handler() }).port);
