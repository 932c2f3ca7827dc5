// Seed 001, "Server-side connection setup with Node.js and Socket.IO", with cors.
const { Server } = require("@sockeye/node");

const io = new Server(3000, {
  cors: {
    origin: "http://localhost:8000", // Allow connections from your client's origin
    methods: ["GET", "POST"],
  },
});

io.on("connection", (socket) => {
  console.log("A user connected");

  socket.on("disconnect", () => {
    console.log("A user disconnected");
  });
});

console.log("Socket.IO server listening on port 3000");
