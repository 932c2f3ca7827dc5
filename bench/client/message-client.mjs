// The client under test in a process of its own: connections that keep so many messages in flight each. Checks every
// reply and reports its own CPU per message.

import { ownCpuSeconds } from "../kit/process-figures.mjs";
import { quantile } from "../kit/statistics.mjs";

const WARM_MS = 1000;
const SLICE_MS = 200;
/** The slice that stands for all: so many are cheaper. */
const SHARE = 0.25;
/** Of messages that nobody replies to, each so many is acknowledged, so that the server is never far behind. */
const CHECKED = 50;

const { connections, kind, measureMs, module, payload, port, transports, window } = JSON.parse(
  process.argv[2] ?? "{}",
);
const { io } = await import(module);
const FILLERS = {
  text: "a text of some sixty-four bytes, as people write them to others.",
  object: { id: 7, name: "user-7", tags: ["red", "green"], position: { x: 12, y: -40 } },
  binary: Buffer.alloc(1024, 7),
};
const filler = FILLERS[/** @type {keyof typeof FILLERS} */ (payload)];
/** Messages that are done: sent, when nobody replies; else replied to. */
let done = 0;

/** @param {string} why */
function fail(why) {
  process.send?.({ kind: "result", error: why });
  process.exit(1);
}

/**
 * Begins the messages of one socket, by kind.
 * @type {Record<string, (socket: any) => void>}
 */
const begin = {
  echo(socket) {
    let sent = 0;
    let due = 0;
    socket.on("echo", (/** @type {number} */ number) => {
      if (number !== due) fail(`${number} came instead of ${due}`);
      due++;
      done++;
      socket.emit("echo", sent++, filler);
    });
    for (let count = 0; count < window; count++) socket.emit("echo", sent++, filler);
  },
  ack(socket) {
    const again = (/** @type {unknown} */ answer) => {
      if (typeof answer !== typeof filler) fail(`${typeof answer} was acknowledged`);
      done++;
      socket.emit("ack", filler, again);
    };
    for (let count = 0; count < window; count++) socket.emit("ack", filler, again);
  },
  emit(socket) {
    // In one turn as many as may be in flight, and then a turn for others.
    let left = CHECKED;
    const turn = () => {
      for (let count = 0; count < window; count++) socket.emit("one way", filler);
      done += window;
      left -= window;
      if (left > 0) setImmediate(turn);
      else {
        left = CHECKED;
        done++;
        socket.emit("ack", filler, turn);
      }
    };
    turn();
  },
};

function connect() {
  const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, transports });
  socket.once("connect", () => begin[kind]?.(socket));
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
// In slices, of which the dear ones are left out: there, something else had the machine.
const costs = [];
const began = performance.now();
while (performance.now() - began < measureMs) {
  const before = { done, cpu: ownCpuSeconds() };
  await pause(SLICE_MS);
  const count = done - before.done;
  if (count > 0) costs.push(((ownCpuSeconds() - before.cpu) / count) * 1e6);
}
if (costs.length === 0) fail("nothing came back");
process.send?.({ kind: "result", micros: quantile(costs, SHARE) });
