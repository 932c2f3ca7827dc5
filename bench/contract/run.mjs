// `npm run bench:contract`: CPU of the server for an event that a contract validates, beside the same event without one and the
// schema alone. Over WebSocket, as an event costs; and in this process without a network, where everything but the way from the
// frame to the listener is gone, so that it shows the most. Fails where a validated event over WebSocket costs more than 1.3 times
// an unvalidated one and its schema's own time.
//
//   npm run bench:contract
//   npm run bench:contract -- --rounds 31 --only object

import { fileURLToPath } from "node:url";
import { defineContract, enforceContract } from "@sockeye/contract";
import { MemoryServer } from "../growth/memory-server.mjs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { bytesOf, Meeting } from "../kit/meeting.mjs";
import { demandProcessFigures, ownCpuSeconds } from "../kit/process-figures.mjs";
import { median, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { contractOf, events } from "./events.mjs";

const values = readOptions({
  only: { type: "string", default: "" },
  rounds: { type: "string", default: "9" },
});
demandProcessFigures();
const rounds = wholeNumber("rounds", values.rounds ?? "9");
const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
/** What a validated event may cost, in events without a contract, over the schema's own time. */
const MOST = 1.3;
/** In one go: events in this process, CPU seconds of a round of them, and events over WebSocket. */
const [COUNT, ROUND, SENT] = [500, 0.03, 20_000];

/** @typedef {import("./events.mjs").Event} Event */

/** @param {Event} event */
const frameOf = ({ argument }) => `2${JSON.stringify(["say", argument])}`;

/**
 * Sends events to a listener of a server in this process.
 * @param {Event} event
 * @param {boolean} isValidated
 */
function deliver(event, isValidated) {
  const server = new MemoryServer();
  if (isValidated) enforceContract(/** @type {any} */ (server), defineContract(contractOf(event)));
  const peer = server.connect();
  let heard = 0;
  peer.socket.on("say", () => heard++);
  const frame = `4${frameOf(event)}`;
  return () => {
    const before = heard;
    for (let each = 0; each < COUNT; each++) peer.say(frame);
    if (heard - before !== COUNT) throw new Error("not heard");
  };
}

/**
 * The schema's own work, on arguments that were parsed, as those of an event are.
 * @param {Event} event
 */
function validate({ argument, schema }) {
  const text = JSON.stringify(argument);
  const parsed = Array.from({ length: COUNT }, () => JSON.parse(text));
  return () => {
    for (const each of parsed) {
      const result = schema["~standard"].validate(each);
      if (/** @type {{ issues?: unknown }} */ (result).issues !== undefined) {
        throw new Error("invalid");
      }
    }
  };
}

/** Microseconds of this process's CPU for each event. @param {() => void} work */
function cost(work) {
  let [done, spent] = [0, 0];
  const began = ownCpuSeconds();
  do {
    work();
    done += COUNT;
    spent = ownCpuSeconds() - began;
  } while (spent < ROUND);
  return (1e6 * spent) / done;
}

/**
 * The medians of several ways that take turns.
 * @param {(() => number | Promise<number>)[]} ways
 */
async function inTurns(ways) {
  const costs = ways.map(() => /** @type {number[]} */ ([]));
  for (let round = -3; round < rounds; round++) {
    for (const [at, way] of ways.entries()) {
      const spent = await way();
      // The first rounds are for the compiler.
      if (round >= 0) costs[at]?.push(spent);
    }
  }
  return costs.map(median);
}

/** @param {Event} event */
function inMemory(event) {
  const ways = [deliver(event, false), deliver(event, true), validate(event)];
  return inTurns(ways.map((way) => () => cost(way)));
}

/** @param {Event} event */
async function overNetwork(event) {
  const { name } = event;
  const meetings = [false, true].map((isValidated) => new Meeting(SERVER, { name, isValidated }));
  const bytes = bytesOf([frameOf(event)]);
  try {
    for (const meeting of meetings) await meeting.open(1);
    return await inTurns(
      meetings.map((each) => () => each.spend(bytes, { count: SENT, frames: 1 })),
    );
  } finally {
    for (const meeting of meetings) await meeting.close();
  }
}

console.log(`${describeSurroundings(surroundings("bench:contract"))}\n`);
const failures = [];
const rows = [];
for (const event of events.filter(({ name }) => name.includes(values.only ?? ""))) {
  process.stderr.write(`${event.name}\n`);
  const [plain = 0, validated = 0, schema = 0] = await inMemory(event);
  const [plainSent = 0, validatedSent = 0] = await overNetwork(event);
  const ratio = (validatedSent - schema) / plainSent;
  const ratioInMemory = (validated - schema) / plain;
  const figures = [schema, plainSent, validatedSent, ratio, plain, validated, ratioInMemory];
  rows.push([event.name, ...figures.map(short)]);
  if (ratio > MOST) failures.push(`${event.name}: ${short(ratio)} times, ${MOST} allowed`);
}
const head = ["µs of CPU per event", "schema", "over WebSocket", "validated", "ratio"];
console.log(`${table([[...head, "without a network", "validated", "ratio"], ...rows])}\n`);
console.log("Ratio: (validated - schema) / not validated.");
console.log(failures.length === 0 ? "Every event is within its limit." : failures.join("\n"));
process.exitCode = failures.length === 0 ? 0 : 1;
