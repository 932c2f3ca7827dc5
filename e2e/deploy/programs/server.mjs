// A server behind a balancer: answers with its own name, and is drained on SIGTERM.
//
//   PORT, NAME; RATE: connections moved a second

import { Server } from "@sockeye/node";

const { NAME, PORT, RATE = "100" } = process.env;
const io = new Server(Number(PORT), { healthChecks: true, cookie: true });
io.on("connection", (socket) => {
  socket.on("number", (number, answer) => answer({ by: NAME, number }));
});

process.once("SIGTERM", async () => {
  const report = await io.drain({ delay: 700, rate: Number(RATE), deadline: 30_000 });
  process.send?.({ report });
  process.exit(0);
});
process.send?.({ listening: true });
