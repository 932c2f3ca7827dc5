// `npm run bench:cluster`: the CPU of both servers for one event that one publishes through Redis and a client of the
// other receives. Ours, in both wire forms, beside Socket.IO's server with its adapter; the same client for all, in turn. Then the CPU
// of the other server alone for one event to a room that none of its clients is in. `ONLY=lonely` leaves out the former.

import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { io } from "@sockeye/client";
import { findRedis } from "../../scripts/brokers.mjs";

const PORT = 7931;
const URL = `redis://127.0.0.1:${PORT}`;
const COUNT = Number(process.env.COUNT ?? 20_000);
const ROUNDS = Number(process.env.ROUNDS ?? 5);

const targets = [
  ["socket.io", "@socket.io/redis-adapter"],
  ["@sockeye/node", "@sockeye/redis"],
  ["@sockeye/node", "@sockeye/redis compatible"],
  ["socket.io", "@socket.io/redis-adapter sharded"],
  ["@sockeye/node", "@sockeye/redis sharded"],
];

/** @param {import("node:child_process").ChildProcess} child @param {object} [message] */
async function ask(child, message) {
  if (message !== undefined) child.send(message);
  const [answer] = await once(child, "message");
  return answer;
}

/** @param {import("node:child_process").ChildProcess[]} nodes */
async function cpuOf(nodes) {
  let sum = 0;
  for (const node of nodes) {
    const { cpu } = await ask(node, {});
    sum += cpu.user + cpu.system;
  }
  return sum;
}

/**
 * Microseconds of CPU for each event: of both servers, or with another room than the client's of the second one.
 * @param {string[]} target
 * @param {{ atOnce: number, room?: string }} how
 */
async function measure([server = "", adapter = ""], { atOnce, room = "room" }) {
  const args = [server, adapter, URL, `bench ${Math.random()}`];
  const nodes = [1, 2].map(() => fork(join(import.meta.dirname, "node.mjs"), args));
  const [, { port }] = await Promise.all(nodes.map((node) => ask(node)));
  const client = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
  await new Promise((resolve) => client.on("connect", () => resolve(undefined)));
  let heard = 0;
  /** @type {() => void} */
  let done = () => {};
  let wanted = 0;
  client.on("message", () => {
    heard += 1;
    if (heard >= wanted) done();
  });
  const send = (/** @type {number} */ count) =>
    new Promise((resolve) => {
      wanted = heard + (room === "room" ? count : 1);
      done = () => resolve(undefined);
      nodes[0]?.send({ count, atOnce, room });
    });
  await send(COUNT / 4);
  const measured = room === "room" ? nodes : nodes.slice(1);
  const before = await cpuOf(measured);
  await send(COUNT);
  const cpu = (await cpuOf(measured)) - before;
  client.disconnect();
  for (const node of nodes) node.kill();
  return cpu / COUNT;
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const redis = spawn(findRedis() ?? "redis-server", ["--port", String(PORT), "--save", ""], {
  stdio: "ignore",
});
/** Measures all in turn; returns the results of each. @param {string[][]} all @param {{ atOnce: number, room?: string }} how */
async function inTurn(all, how) {
  /** @type {number[][]} */
  const results = all.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, target] of all.entries()) results[index]?.push(await measure(target, how));
  }
  return results;
}

for (const atOnce of process.env.ONLY === "lonely" ? [] : [16, 1]) {
  const results = await inTurn(targets, { atOnce });
  console.log(`\n${atOnce} at once, µs of CPU for each event, both servers, median of ${ROUNDS}\n`);
  for (const [index, [server, adapter]] of targets.entries()) {
    const base = median(results[adapter?.includes("sharded") ? 3 : 0] ?? []);
    const own = median(results[index] ?? []);
    console.log(`| ${server} | ${adapter} | ${own.toFixed(1)} | ${(own / base).toFixed(2)} |`);
  }
}

const lonely = [...targets, ["@sockeye/node", "@sockeye/redis by rooms"]].filter(
  ([, adapter = ""]) => adapter.includes(process.env.TARGET ?? ""),
);
const results = await inTurn(lonely, { atOnce: 16, room: "lonely" });
console.log("\na room that nobody is in there, µs of CPU of the other server for each event\n");
for (const [index, [server, adapter]] of lonely.entries()) {
  console.log(`| ${server} | ${adapter} | ${median(results[index] ?? []).toFixed(2)} |`);
}
redis.kill();
process.exit();
