// `npm run bench:limits`: CPU of the server for an echo over WebSocket with limits that are not reached, beside one without
// limits. Each repetition has processes of its own, because two of them with the same program differ by some per cent; the
// ways take turns, and the ratio is the median of those of the repetitions, so that what slows one down slows both.
// Fails where it is more than 1.03.
//
//   npm run bench:limits
//   npm run bench:limits -- --rounds 31 --only bytes

import { fileURLToPath } from "node:url";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { bytesOf, Meeting } from "../kit/meeting.mjs";
import { demandProcessFigures } from "../kit/process-figures.mjs";
import { median, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { plans } from "./plans.mjs";

const values = readOptions({
  only: { type: "string", default: "" },
  rounds: { type: "string", default: "15" },
});
demandProcessFigures();
const rounds = wholeNumber("rounds", values.rounds ?? "15");
const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
/** What an echo with limits may cost, in echoes without. */
const MOST = 1.03;
/** Events of a repetition, and those before it for the compiler. */
const [COUNT, WARM_UP] = [20_000, 40_000];

const bytes = bytesOf([`2${JSON.stringify(["say", "hello there"])}`]);
const names = Object.keys(plans).filter(
  (name) => plans[name] === null || name.includes(values.only ?? ""),
);
const costs = names.map(() => /** @type {number[]} */ ([]));

/**
 * Microseconds of CPU for an echo of a server of its own.
 * @param {string} name
 */
async function spend(name) {
  const meeting = new Meeting(SERVER, { name });
  try {
    await meeting.open(1);
    await meeting.spend(bytes, { count: WARM_UP, frames: 1 });
    return await meeting.spend(bytes, { count: COUNT, frames: 1 });
  } finally {
    await meeting.close();
  }
}

for (let round = 0; round < rounds; round++) {
  process.stderr.write(`repetition ${round + 1} of ${rounds}\n`);
  // Each repetition begins with another one.
  for (let each = 0; each < names.length; each++) {
    const at = (each + round) % names.length;
    costs[at]?.push(await spend(names[at] ?? ""));
  }
}

console.log(`${describeSurroundings(surroundings("bench:limits"))}\n`);
const plain = costs[0] ?? [];
const failures = [];
const rows = [];
for (const [at, name] of names.entries()) {
  const ratio = median((costs[at] ?? []).map((cost, round) => cost / (plain[round] ?? cost)));
  rows.push([name, short(median(costs[at] ?? [])), ratio.toFixed(3)]);
  if (ratio > MOST) failures.push(`${name}: ${ratio.toFixed(3)} times, ${MOST} allowed`);
}
console.log(`${table([["limits", "µs of CPU per echo", "ratio"], ...rows])}\n`);
console.log(failures.length === 0 ? "All are within the limit." : failures.join("\n"));
process.exitCode = failures.length === 0 ? 0 : 1;
