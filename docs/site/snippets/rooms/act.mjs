import { Server } from "@sockeye/node";

const io = new Server(3000);
// #region shown
const sockets = await io.in("lobby").fetchSockets(); // of all servers
for (const { id, rooms, data } of sockets) console.log(id, rooms, data);

io.in("user:ada").socketsJoin("premium"); // all devices of a user
io.in("lobby").socketsLeave("lobby");
io.in("user:ada").disconnectSockets(true); // log out everywhere
// #endregion shown
