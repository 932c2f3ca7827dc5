import { Server } from "@sockeye/node";

const io = new Server(3000);
const userOf = async (token) => ({ id: token, name: token });

// #region shown
io.use(async (socket, next) => {
  socket.data.user = await userOf(socket.handshake.auth.token);
  next();
});

io.on("connection", (socket) => {
  if (!socket.adopted) {
    socket.join(`user:${socket.data.user.id}`);
    socket.emit("welcome", socket.data.user.name);
    io.emit("came", socket.data.user.name);
  }
  socket.on("say", (text) => io.emit("said", socket.data.user.name, text));
  socket.on("disconnect", () => io.emit("left", socket.data.user.name));
});
// #endregion shown
