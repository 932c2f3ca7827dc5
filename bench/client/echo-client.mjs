// The client under test in a process of its own: connections that keep so many echoes in flight each. Checks every
// reply and reports its own CPU per message.

import { ownCpuSeconds } from "../kit/process-figures.mjs";

const WARM_MS = 1000;

const { connections, measureMs, module, payload, port, transports, window } = JSON.parse(
  process.argv[2] ?? "{}",
);
const { io } = await import(module);
const FILLERS = {
  text: "a text of some sixty-four bytes, as people write them to others.",
  object: { id: 7, name: "user-7", tags: ["red", "green"], position: { x: 12, y: -40 } },
  binary: Buffer.alloc(1024, 7),
};
const filler = FILLERS[/** @type {keyof typeof FILLERS} */ (payload)];
let received = 0;

/** @param {string} why */
function fail(why) {
  process.send?.({ kind: "result", error: why });
  process.exit(1);
}

function connect() {
  const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, transports });
  let sent = 0;
  let due = 0;
  socket.on("echo", (/** @type {number} */ number) => {
    if (number !== due) fail(`${number} came instead of ${due}`);
    due++;
    received++;
    socket.emit("echo", sent++, filler);
  });
  socket.once("connect", () => {
    for (let count = 0; count < window; count++) socket.emit("echo", sent++, filler);
  });
  socket.on("disconnect", (/** @type {string} */ reason) => fail(`disconnected: ${reason}`));
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
for (let count = 0; count < connections; count++) connect();
await pause(WARM_MS);
const before = { received, cpu: ownCpuSeconds() };
await pause(measureMs);
const count = received - before.received;
if (count === 0) fail("nothing came back");
const micros = ((ownCpuSeconds() - before.cpu) / count) * 1e6;
process.send?.({ kind: "result", micros, perSecond: (count / measureMs) * 1000 });
