import { Server } from "@sockeye/node";

const io = new Server(3000);
const isWelcome = (token) => token === "secret";
// #region shown
io.use((socket, next) =>
  next(isWelcome(socket.handshake.auth.token) ? undefined : new Error("no")),
);

io.on("connection", (socket) => {
  socket.id; // new for each connection
  socket.rooms; // a set
  socket.data.name = "ada"; // yours
  socket.handshake.address; // also headers, query, auth
  socket.recovered; // the client has missed nothing
  socket.join("room");
  socket.leave("room");
  socket.on("event", (value, answer) => answer(value));
  socket.onAny((event, ...args) => console.debug(event, args));
  socket.use(([event], next) => next());
  socket.on("disconnecting", () => socket.rooms); // still in its rooms
  socket.on("disconnect", (reason) => console.debug(reason));
});

await io.in("room").fetchSockets();
io.in("room").socketsJoin("other");
io.in("room").disconnectSockets();
await io.close();
// #endregion shown
