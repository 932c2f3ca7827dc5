// Our server on uWebSockets.js, as built.
import { Server } from "@sockeye/uws";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";
import { loadUws } from "./uws-module.mjs";

const uws = loadUws();
const app = uws.App();
const io = new Server(app, plan);
// That ours can stand in for Socket.IO's is shown by the type tests.
serve(/** @type {any} */ (io));
app.listen("127.0.0.1", 0, (/** @type {unknown} */ token) => {
  if (!token) throw new Error("uWebSockets.js does not listen");
  ready(uws.us_socket_local_port(token));
});
