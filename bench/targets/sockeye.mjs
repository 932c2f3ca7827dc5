// Our server, as built.
import { Server } from "@sockeye/node";
import { plan } from "./answers.mjs";
import { serve } from "./application.mjs";
import { listenSoon } from "./http-server.mjs";

const io = new Server(listenSoon(), plan);
// That ours can stand in for Socket.IO's is shown by the type tests.
serve(/** @type {any} */ (io));
