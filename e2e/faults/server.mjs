// The server under attack, in a process of its own: Sockeye's or Socket.IO's. Answers questions of its parent about itself.

import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

const { module, options = {} } = JSON.parse(process.argv[2]);
const { Server } = await import(module);

const http = createServer();
const io = new Server(http, options);
const errors = [];
// The process ends by it all the same: that is the finding.
process.on("uncaughtExceptionMonitor", (error) => {
  process.send({ died: String(error?.stack ?? error) });
});

function welcome(socket) {
  if (socket.handshake.auth.healthy === true) socket.join("healthy");
  socket.on("ask", (...args) => {
    const answer = args.pop();
    if (typeof answer === "function") answer(...args);
  });
  socket.on("relay", (...args) => socket.emit("relayed", ...args.filter(isData)));
  socket.on("room", async (...names) => {
    for (const name of names) if (typeof name === "string") await socket.join(name);
  });
  socket.on("say", (room, text) => socket.to(room).emit("said", text));
}

const isData = (value) => typeof value !== "function";

io.on("connection", welcome);
io.of(/^\/n\d+$/).on("connection", welcome);
io.of("/__proto__").on("connection", welcome);

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let peak = 0;
// Not `process.memoryUsage`, which needs a file descriptor.
const held = () => {
  const { external_memory: external, used_heap_size: used } = getHeapStatistics();
  return used + external;
};
setInterval(() => {
  peak = Math.max(peak, held());
}, 50).unref();

const turn = () => new Promise((resolve) => setImmediate(resolve));

const operations = {
  async settle() {
    for (let times = 0; times < 3; times++) {
      await turn();
      globalThis.gc?.();
    }
    return {
      held: held(),
      peak,
      clients: io.engine.clientsCount,
      descriptors: process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap")
        .length,
      delayMax: delay.max / 1e6,
      delay99: delay.percentile(99) / 1e6,
      limit: getHeapStatistics().heap_size_limit,
      cpu: process.cpuUsage(),
      errors,
    };
  },
  reset() {
    delay.reset();
    peak = held();
  },
  async flood({ bytes, count, every = 20 }) {
    const text = "x".repeat(bytes);
    for (let sent = 1; sent <= count; sent++) {
      io.except("healthy").emit("chunk", text);
      if (sent % every === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  },
  stall({ ms }) {
    const until = performance.now() + ms;
    while (performance.now() < until);
  },
  shiftClock({ ms }) {
    const now = Date.now.bind(Date);
    Date.now = () => now() + ms;
  },
  handles: () => io.engine.clientsCount,
};

process.on("message", async ({ id, op, ...more }) => {
  process.send({ id, value: await operations[op](more) });
});
process.on("disconnect", () => process.exit());
http.listen(0, "127.0.0.1", () => process.send({ port: http.address().port }));
