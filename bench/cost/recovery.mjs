// What a reconnect storm costs the server while its log is full, beside the same storm on an empty log, and beside
// Socket.IO. Two storms: 300 clients that missed nothing of 99,000 packets that others were sent; 1,000 clients that
// missed ten packets each of 100,000. Prints seconds of CPU of the server. Needs a build.
// Usage: node bench/cost/recovery.mjs

import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";

/**
 * @typedef {object} Storm
 * @property {string} title
 * @property {number} clients
 * @property {number} missed packets that each client missed
 * @property {number} others packets that were sent to others meanwhile
 * @property {number} toAll packets that were sent to every socket, so that each client missed them
 */

/** @type {readonly Storm[]} */
const STORMS = [
  { title: "300 clients, empty log", clients: 300, missed: 0, others: 0, toAll: 0 },
  {
    title: "300 clients, 99,000 packets to others",
    clients: 300,
    missed: 0,
    others: 99_000,
    toAll: 0,
  },
  {
    title: "300 clients, 300 to all of 99,000",
    clients: 300,
    missed: 0,
    others: 98_700,
    toAll: 300,
  },
  { title: "1,000 clients, empty log", clients: 1000, missed: 0, others: 0, toAll: 0 },
  {
    title: "1,000 clients, ten missed each of 100,000",
    clients: 1000,
    missed: 10,
    others: 90_000,
    toAll: 0,
  },
];
const TARGETS = ["sockeye", "socket.io"];
const OPTIONS = { connectionStateRecovery: {} };

/** The server's process: fills the log when told, and says what it has spent. @param {string} target */
async function serve(target) {
  const { Server } = await import(target === "sockeye" ? "@sockeye/node" : "socket.io");
  const http = createServer();
  const io = new Server(http, OPTIONS);
  io.on("connection", (/** @type {any} */ socket) => {
    if (!socket.recovered) socket.emit("first");
  });
  process.on("message", (/** @type {any} */ { ids, missed, others, spent, toAll }) => {
    if (spent === true) {
      const { system, user } = process.cpuUsage();
      process.send?.({ cpu: (system + user) / 1e6 });
      return;
    }
    // Interleaved, as they would be.
    const rounds = Math.max(missed, 1);
    for (let round = 0; round < rounds; round++) {
      for (let each = 0; each < others / rounds; each++) io.to("others").emit("x", each);
      if (missed > 0) for (const id of ids) io.to(id).emit("x", round);
    }
    for (let each = 0; each < toAll; each++) io.emit("x", each);
    process.send?.({ sockets: io.sockets.sockets.size });
  });
  http.listen(0, "127.0.0.1", () =>
    process.send?.({ port: /** @type {any} */ (http.address()).port }),
  );
}

/**
 * One client: joins, and reads as many events as are due.
 * @param {number} port
 * @param {{ pid: string, offset: string } | null} session
 * @param {number} due
 */
async function join(port, session, due) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  let [pid, sid, offset] = ["", "", ""];
  let events = 0;
  await new Promise((resolve, reject) => {
    ws.on("error", reject);
    ws.on("message", (data) => {
      const text = String(data);
      if (text.startsWith("0")) ws.send(`40${session === null ? "" : JSON.stringify(session)}`);
      else if (text.startsWith("40")) ({ pid, sid } = JSON.parse(text.slice(2)));
      else if (text.startsWith("42")) {
        events += 1;
        offset = JSON.parse(text.slice(2)).at(-1);
      }
      if (sid !== "" && events >= due) resolve(undefined);
    });
  });
  return { ws, pid, sid, offset };
}

/**
 * @param {string} target
 * @param {Storm} storm
 */
async function measure(target, { clients, missed, others, toAll }) {
  const server = fork(fileURLToPath(import.meta.url), [target]);
  const ask = async (/** @type {object} */ question) => {
    server.send(question);
    const [answer] = await once(server, "message");
    return answer;
  };
  try {
    const [{ port }] = await once(server, "message");
    const before = await Promise.all(Array.from({ length: clients }, () => join(port, null, 1)));
    await Promise.all(
      before.map(async ({ ws }) => {
        ws.close();
        await once(ws, "close");
      }),
    );
    const ids = before.map(({ sid }) => sid);
    // The log is filled when the server has noticed that all of them are gone.
    while ((await ask({ ids, missed: 0, others: 0, toAll: 0 })).sockets > 0);
    await ask({ ids, missed, others, toAll });
    const { cpu: start } = await ask({ spent: true });
    const began = performance.now();
    const after = await Promise.all(
      before.map(({ offset, pid }) => join(port, { pid, offset }, missed + toAll)),
    );
    const seconds = (performance.now() - began) / 1000;
    const { cpu } = await ask({ spent: true });
    const recovered = after.filter(({ pid }, at) => pid === before[at]?.pid).length;
    for (const { ws } of after) ws.terminate();
    return { cpu: cpu - start, seconds, recovered };
  } finally {
    server.kill();
  }
}

async function main() {
  for (const target of TARGETS) {
    let empty = 0;
    for (const storm of STORMS) {
      const { cpu, recovered, seconds } = await measure(target, storm);
      if (storm.others === 0) empty = cpu;
      const above = storm.others === 0 ? "" : `, ${(cpu - empty).toFixed(2)} s above the empty log`;
      console.log(
        `${target.padEnd(10)} ${storm.title.padEnd(42)} ${cpu.toFixed(2)} s of CPU in ${seconds.toFixed(2)} s, ` +
          `${recovered} of ${storm.clients} recovered${above}`,
      );
    }
  }
}

const [target] = process.argv.slice(2);
if (target === undefined) await main();
else await serve(target);
