// `npm run faults`: attacks and faults, one row each, against a server in a process of its own, with clients beside it that
// behave. Prints the table of docs/faults.md.
//
//   npm run faults -- --only "sid"       rows whose title contains it
//   npm run faults -- --beside           the same against Socket.IO
//   npm run faults -- --scale 0.1        a tenth of the inputs
//   npm run faults -- --write            keeps the table in docs/faults.md

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runRow } from "./arena.mjs";
import { rows } from "./rows.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    beside: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
  },
});

const P99_MS = 20;
const RATIO = 1.2;
const PAGE = join(import.meta.dirname, "../../docs/faults.md");
const MARKS = ["<!-- table: begin -->", "<!-- table: end -->"];

const number = (value, digits = 0) => (value === undefined ? "" : value.toFixed(digits));

/** Latency: at most 20 ms, or so much more than without an attack, or than Socket.IO's. */
function slowness(row, result, references) {
  if (row.stalls !== undefined) return [];
  const most = Math.max(P99_MS, ...references.map((p99) => p99 * RATIO));
  return result.p99 > most ? [`p99 over ${most.toFixed(0)} ms`] : [];
}

function line(result) {
  const verdict = result.problems.length === 0 ? "passed" : `**${result.problems.join("; ")}**`;
  return [
    result.row,
    result.server,
    result.inputs,
    result.survivors,
    `${number(result.p50, 1)} / ${number(result.p99, 1)}`,
    number(result.delayMax),
    number(result.peakMb),
    number(result.afterMb, 1),
    verdict,
  ];
}

const head = [
  "row",
  "server",
  "inputs",
  "what was left",
  "healthy clients p50 / p99, ms",
  "longest delay of the event loop, ms",
  "peak memory, MB",
  "memory after, MB",
  "verdict",
];
const lines = [head, head.map(() => "---")];
const say = (cells) => console.log(`| ${cells.join(" | ").replaceAll("\n", " ").slice(0, 600)} |`);
for (const each of lines) say(each);

let [failed, idle] = [0, 0];
const scale = Number(values.scale);
const [nothing, ...attacks] = rows;
for (const row of [nothing, ...attacks.filter(({ title }) => title.includes(values.only))]) {
  const theirs =
    values.beside && row.isOnlyOurs === undefined ? await runRow(row, "socket.io", scale) : null;
  const ours = await runRow(row, "sockeye", scale);
  idle = Math.max(idle, ours.idle99 ?? 0, row === nothing ? ours.p99 : 0);
  ours.problems.push(...slowness(row, ours, [idle, theirs?.p99 ?? 0]));
  if (ours.problems.length > 0) failed++;
  for (const result of theirs === null ? [ours] : [ours, theirs]) {
    lines.push(line(result));
    say(lines.at(-1));
  }
}
console.log(`${failed} rows failed`);
if (values.write) write();
// Timers of attacks may be left.
process.exit(failed > 0 ? 1 : 0);

function write() {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = page.split(MARKS[0]);
  const [, after] = (rest ?? "").split(MARKS[1]);
  const [cpu] = cpus();
  const command = `npm run faults -- --write${values.beside ? " --beside" : ""}${scale === 1 ? "" : ` --scale ${scale}`}`;
  const where = `Measured with \`${command}\` on Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? "CPU"}, ${new Date().toISOString().slice(0, 10)}, with a load average of ${loadavg()[1]?.toFixed(0)} beside it.`;
  const table = lines.map((cells) => `| ${cells.join(" | ").replaceAll("\n", " ")} |`).join("\n");
  writeFileSync(PAGE, `${before}${MARKS[0]}\n\n${where}\n\n${table}\n\n${MARKS[1]}${after}`);
}
