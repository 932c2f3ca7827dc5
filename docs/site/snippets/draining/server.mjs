import { Server } from "@sockeye/node";

const io = new Server(3000, { healthChecks: true });
io.on("connection", (socket) => {
  socket.on("save", (text, answer) => {
    console.log(`saving ${text}`);
    setTimeout(() => answer(`saved ${text}`), 500);
  });
});

process.once("SIGTERM", async () => {
  const { moved, forced } = await io.drain({ delay: 0, rate: 200, deadline: 20_000 });
  console.log(`moved ${moved}, cut ${forced}`);
  process.exit(0);
});
console.log("listening");
