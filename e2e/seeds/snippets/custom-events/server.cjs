// Seed 001, "Example of emitting and receiving custom events" and "Sending complex objects": server-side.
const { Server } = require("@sockeye/node");
const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("chat message", (msg) => {
    console.log("message: " + msg);
    io.emit("chat message", msg); // Broadcast to all connected clients
  });
});

io.on("connection", (socket) => {
  socket.on("update user", (user) => {
    console.log("Received user update: ", user);
  });
});
