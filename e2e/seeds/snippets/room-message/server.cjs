// Seed 001, "Example of broadcasting a message to a specific room": server-side.
const { Server } = require("@sockeye/node");
const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("join room", (room) => {
    socket.join(room);
    io.to(room).emit("room message", `User ${socket.id} joined the room`);
  });
});
