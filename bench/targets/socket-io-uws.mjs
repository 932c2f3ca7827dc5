// Socket.IO on uWebSockets.js.
import { Server } from "socket.io";
import { plan, ready } from "./answers.mjs";
import { serve } from "./application.mjs";
import { loadUws } from "./uws-module.mjs";

const uws = loadUws();
const app = uws.App();
const io = new Server(plan);
io.attachApp(app);
serve(io);
app.listen("127.0.0.1", 0, (/** @type {unknown} */ token) => {
  if (!token) throw new Error("uWebSockets.js does not listen");
  ready(uws.us_socket_local_port(token));
});
