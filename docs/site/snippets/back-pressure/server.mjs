import { Server } from "@sockeye/node";

const io = new Server(3000, {
  maxSendBufferSize: 1_000_000,
  maxSendBufferPackets: 1000,
  slowConsumer: {
    default: "close",
    events: { price: "latest", log: "drop-oldest", typing: "volatile" },
  },
});

io.on("connection", (socket) => {
  socket.on("begin", async () => {
    for (let at = 1; at <= 5; at++) socket.emit("price", at);
    socket.latest("cursor:7").emit("cursor", 7, 1, 1);
    socket.latest("cursor:7").emit("cursor", 7, 2, 2);
    console.log(`waiting: ${socket.bufferedAmount > 0}`);
    await socket.drained();
    console.log(`waiting: ${socket.bufferedAmount > 0}`);
    socket.emit("done");
  });
  socket.on("disconnect", (reason, details) => {
    if (reason === "slow consumer") console.log(details.message);
  });
});
console.log("listening");
