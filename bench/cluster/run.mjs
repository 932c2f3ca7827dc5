// `npm run bench:cluster`: the CPU of two servers for one event that one publishes through a broker and a client of the
// other receives; and what an event to a room that has nobody there costs the other. Ours, in both wire forms, beside
// Socket.IO's server with its adapter; the same client for all, in turn.
//
//   npm run bench:cluster
//   npm run bench:cluster -- --engines redis,postgres --rounds 5 --count 20000

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { io } from "@sockeye/client";
import { readOptions, refuse, wholeNumber } from "../kit/command-line.mjs";
import { median } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { startBroker } from "./brokers.mjs";
import { engines } from "./engines.mjs";

/** Events that one server publishes before it reads what has come. */
const AT_ONCE = [16, 1];

/** @param {import("node:child_process").ChildProcess} child */
async function hear(child) {
  const [answer] = await once(child, "message");
  return answer;
}

/** CPU of a server in microseconds. @param {import("node:child_process").ChildProcess} child */
async function cpuOf(child) {
  child.send("cpu");
  const { cpu } = await hear(child);
  return cpu.user + cpu.system;
}

/**
 * @typedef {object} Cost microseconds of CPU for an event
 * @property {number} both of both servers, when a client of the other receives it
 * @property {number} elsewhere of the other server, when nobody there is in the room
 */

/**
 * Repeats until one was heard: an adapter may not hear the broker yet although its server takes clients.
 * @param {() => Promise<unknown>} send
 */
async function firstOf(send) {
  let isHeard = false;
  while (!isHeard) {
    const heard = send().then(() => true);
    isHeard = await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
}

/**
 * @param {import("./engines.mjs").Target} target
 * @param {{ url: string, count: number, atOnce: number }} course
 * @returns {Promise<Cost>}
 */
async function measure({ server, kind, settings = {} }, { url, count, atOnce }) {
  const engine = { kind, url, key: `bench${Math.floor(Math.random() * 1e9)}`, settings };
  const program = join(import.meta.dirname, "node.mjs");
  const nodes = [1, 2].map(() => fork(program, [server, JSON.stringify(engine)]));
  const [publisher, receiver] = /** @type {[typeof nodes[0], typeof nodes[0]]} */ (nodes);
  const [, { port }] = await Promise.all(nodes.map(hear));
  const client = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
  await new Promise((resolve) => client.on("connect", () => resolve(undefined)));
  /** @type {Map<string, () => void>} */
  const awaited = new Map();
  client.on("mark", (mark) => awaited.get(mark)?.());
  let orders = 0;
  /** Resolves when the client has heard the event that follows them. */
  const send = (/** @type {string} */ room, /** @type {number} */ sent) =>
    new Promise((resolve) => {
      const mark = String(orders++);
      awaited.set(mark, () => resolve(undefined));
      publisher.send({ room, count: sent, atOnce, mark });
    });
  await firstOf(() => send("room", 1));
  const costs = async () => [await cpuOf(publisher), await cpuOf(receiver)];
  await send("room", count / 4);
  const [first = 0, second = 0] = await costs();
  await send("room", count);
  const [third = 0, fourth = 0] = await costs();
  await send("empty", count);
  const [, last = 0] = await costs();
  client.disconnect();
  const ended = nodes.map((node) => once(node, "exit"));
  for (const node of nodes) node.kill();
  await Promise.all(ended);
  return { both: (third - first + fourth - second) / count, elsewhere: (last - fourth) / count };
}

const values = readOptions({
  engines: { type: "string", default: Object.keys(engines).join(",") },
  rounds: { type: "string", default: "5" },
  count: { type: "string", default: "20000" },
});
const rounds = wholeNumber("rounds", values.rounds ?? "");
const count = wholeNumber("count", values.count ?? "", 100);
const chosen = (values.engines ?? "").split(",");
const unknown = chosen.find((name) => engines[name] === undefined);
if (unknown !== undefined) {
  refuse(`no engine "${unknown}"; there are ${Object.keys(engines).join(", ")}`);
}
console.log(describeSurroundings(surroundings("bench:cluster")));

for (const name of chosen) {
  const { broker: kind, targets } = /** @type {typeof engines[string]} */ (engines[name]);
  const broker = await startBroker(kind);
  for (const atOnce of AT_ONCE) {
    /** @type {Cost[][]} */
    const results = targets.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, target] of targets.entries()) {
        results[index]?.push(await measure(target, { url: broker.url, count, atOnce }));
      }
    }
    const both = results.map((each) => median(each.map((cost) => cost.both)));
    const elsewhere = results.map((each) => median(each.map((cost) => cost.elsewhere)));
    const rows = targets.map((target, index) => [
      target.name,
      both[index]?.toFixed(1) ?? "",
      ((both[index] ?? 0) / (both[0] ?? 1)).toFixed(2),
      elsewhere[index]?.toFixed(1) ?? "",
    ]);
    console.log(`\n${name}, ${atOnce} at once, µs of CPU for an event, median of ${rounds}\n`);
    const head = ["adapter", "both servers", "ratio", "other server, nobody in the room"];
    console.log(table([head, ...rows]));
  }
  await broker.end();
}
process.exit();
