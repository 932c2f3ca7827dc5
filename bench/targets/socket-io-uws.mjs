// Socket.IO on uWebSockets.js, where that is installed: under its own name, or as a fork with binaries.
import { createRequire } from "node:module";
import { Server } from "socket.io";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";

const require = createRequire(import.meta.url);

function load() {
  try {
    return require("uWebSockets.js");
  } catch {
    return require("@trufflesuite/uws-js-unofficial");
  }
}

const uws = load();
const app = uws.App();
const io = new Server(plan);
io.attachApp(app);
serve(io);
app.listen("127.0.0.1", 0, (/** @type {unknown} */ token) => {
  if (!token) throw new Error("uWebSockets.js does not listen");
  ready(uws.us_socket_local_port(token));
});
