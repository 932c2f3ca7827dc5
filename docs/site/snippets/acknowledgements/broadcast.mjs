import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
const url = "http://localhost:3000";
const clients = ["ada", "bob"].map((name) => {
  const socket = io(url, { forceNew: true });
  socket.on("are you ready?", (answer) => answer(name));
  return socket;
});
for (const client of clients)
  await new Promise((resolve) => client.once("connect", () => resolve(undefined)));

// #region shown
const names = await server.timeout(5000).emitWithAck("are you ready?");
console.log(names.sort().join(" and ")); // ada and bob
// #endregion shown
for (const client of clients) client.disconnect();
await server.close();
