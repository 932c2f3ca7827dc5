import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
// #region server
const admin = server.of("/admin");

admin.use((socket, next) => {
  if (socket.handshake.auth.token === "secret") next();
  else next(new Error("not you"));
});

admin.on("connection", (socket) => {
  socket.on("restart", (answer) => answer("restarting"));
});
// #endregion server

const url = "http://localhost:3000";
// #region client
const main = io(url);
const admins = io(`${url}/admin`, { auth: { token: "secret" } }); // over the same connection

console.log(await admins.emitWithAck("restart")); // restarting
// #endregion client
if (!main.connected) await new Promise((resolve) => main.once("connect", () => resolve(undefined)));
console.log(main.io === admins.io); // true
main.disconnect();
admins.disconnect();
await server.close();
