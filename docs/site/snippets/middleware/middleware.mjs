import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
const users = new Map([["secret", { name: "ada" }]]);

// #region connect
server.use(async (socket, next) => {
  const user = users.get(socket.handshake.auth.token);
  if (user === undefined) return next(new Error("not you"));
  socket.data.user = user;
  next();
});
// #endregion connect

// #region event
server.on("connection", (socket) => {
  socket.use(([event, ...args], next) => {
    if (event === "say" && typeof args[0] !== "string") next(new Error("say what?"));
    else next();
  });

  socket.on("say", (text) => console.log(`${socket.data.user.name}: ${text}`)); // ada: hello
  socket.on("error", (error) => console.log(error.message)); // say what?
});
// #endregion event

const url = "http://localhost:3000";
const socket = io(url, { auth: { token: "secret" } });
socket.emit("say", "hello");
socket.emit("say", 42);

const stranger = io(url, { forceNew: true });
stranger.on("connect_error", async (error) => {
  console.log(error.message); // not you
  socket.disconnect();
  await server.close();
});
