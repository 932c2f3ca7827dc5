// Seed 002, the server for the options below.
const { Server } = require("@sockeye/node");
const io = new Server(3000, { path: "/my-socket.io" });

io.on("connection", (socket) => {
  console.log("a user connected by", socket.conn.transport.name);
});
