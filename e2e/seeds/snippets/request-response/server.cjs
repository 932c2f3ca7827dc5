// Seed 001, "Using acknowledgements for request-response patterns": server-side.
const { Server } = require("@sockeye/node");
const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("get data", (callback) => {
    const data = { message: "Here's your data!" };
    callback(data);
  });
});
