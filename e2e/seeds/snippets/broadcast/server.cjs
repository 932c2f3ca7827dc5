// Seed 002, "Broadcasting sends events to all connected clients except the sender", and rooms.
const { Server } = require("@sockeye/node");
const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("chat message", (msg) => {
    socket.broadcast.emit("chat message", msg); // Send to all except sender
  });

  // Client joins a room
  socket.join("room1");

  // Server sends a message to 'room1'
  io.to("room1").emit("message", "Hello room1!");
});
