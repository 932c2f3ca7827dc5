import { limits } from "@sockeye/limits";
import { Server } from "@sockeye/node";

const io = new Server(3000);

io.use((socket, next) => {
  socket.data.user = { id: socket.handshake.auth["name"] };
  next();
});

const { diagnostics } = limits(io, {
  connections: { total: 20_000, byAddress: 50 },
  handshakes: { rate: 5, burst: 20 },
  events: {
    bySocket: { rate: 50, burst: 100 },
    byUser: { rate: 100 },
    byName: {
      search: { rate: 0.2, burst: 2 },
      "sign in": { rate: 0.1, burst: 5, policy: "close" },
    },
  },
  bytes: { bySocket: { rate: 100_000, burst: 1_000_000 } },
  namespaces: 5,
  rooms: 100,
  pendingAnswers: 50,
  acks: 1000,
  unauthenticated: { timeout: 10_000 },
});
diagnostics.limitReached.subscribe(({ address, event, limit, value }) => {
  console.log(`${limit} of ${value} by ${address}: ${event}`);
});

io.on("connection", (socket) => {
  socket.on("search", (text, answer) => answer(`found ${text}`));
});
console.log("listening");
