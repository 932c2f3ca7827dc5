// Seed 001, "Complete example of a simple chat application": server.js.
const { Server } = require("@sockeye/node");
const io = new Server(3000, {
  cors: {
    origin: "http://localhost:8000",
    methods: ["GET", "POST"],
  },
});

io.on("connection", (socket) => {
  console.log("A user connected");

  socket.on("chat message", (msg) => {
    io.emit("chat message", msg);
  });

  socket.on("disconnect", () => {
    console.log("User disconnected");
  });
});

console.log("Server listening on port 3000");
