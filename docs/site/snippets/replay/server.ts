import { Server } from "@sockeye/node";

const io = new Server(3000, {
  connectionStateRecovery: {
    maxDisconnectionDuration: 2 * 60_000,
    replay: {
      key: ({ auth }) => (typeof auth["device"] === "string" ? auth["device"] : null),
    },
  },
});

io.on("connection", (socket) => {
  if (!socket.recovered) socket.join("news");
});
let number = 0;
setInterval(() => io.to("news").emit("news", { id: ++number }), 1000);
