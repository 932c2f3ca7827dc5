import { Server } from "@sockeye/node";

const io = new Server(3000);
const counts = { received: 0, sent: 0, dropped: 0 };
const { core } = io.diagnostics;

core.packetReceived.subscribe(() => counts.received++);
core.packetSent.subscribe(() => counts.sent++);
// A broadcast is told once, with the number of its receivers on this server.
core.broadcastSent.subscribe(({ outcome }) => {
  counts.sent += outcome.sent + outcome.queued;
});
// Volatile events, of broadcasts as well: one call per client.
core.packetDropped.subscribe(() => counts.dropped++);

setInterval(() => console.log(counts), 10_000);
