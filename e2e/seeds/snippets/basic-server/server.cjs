// Seed 002, "how to create a basic Socket.IO server".
const http = require("http");
const { Server } = require("@sockeye/node");

const httpServer = http.createServer();
const io = new Server(httpServer, {
  /* options */
});

io.on("connection", (socket) => {
  console.log("a user connected");
  socket.on("disconnect", () => {
    console.log("user disconnected");
  });
});

httpServer.listen(3000, () => {
  console.log("listening on *:3000");
});
