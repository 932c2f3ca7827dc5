// Seed 002, "For events requiring confirmation, use acknowledgements": server-side.
const { Server } = require("@sockeye/node");
const io = new Server(3000);

io.on("connection", (socket) => {
  socket.on("myEvent", (data, ack) => {
    console.log("Received data:", data);
    ack({ status: "success" }); // Send acknowledgement
  });
});
