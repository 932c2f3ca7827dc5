// One row against one server: what it cost the server, and the clients that behaved meanwhile.

import { Child } from "./child.mjs";
import { pause, Wires } from "./wire.mjs";

const MB = 1024 * 1024;
const HEAP_MB = 512;
/** What a server may hold for itself beside what waits for its clients. */
const BESIDE_MB = 20;
/** So that sessions without a client end within the row. */
const PINGS = { pingInterval: 8000, pingTimeout: 12_000 };
const IDLE_MS = 1500;
/** How long after the attack memory has to be back. */
const BACK_MS = 30_000;
const LONGEST_MS = 60_000;

const servers = { sockeye: "@sockeye/node", "socket.io": "socket.io" };

/** Runs a row; `scale` is the share of its inputs. */
export async function runRow(row, name, scale = 1) {
  const heap = row.heap ?? HEAP_MB;
  const execArgv = ["--expose-gc", `--max-old-space-size=${heap}`, ...(row.execArgv ?? [])];
  const plan = { module: servers[name], options: { ...PINGS, ...row.options } };
  const server = new Child("server.mjs", plan, { execArgv, descriptors: row.descriptors });
  let healthy;
  let wires;
  const result = { row: row.title, server: name, inputs: 0, survivors: "", problems: [] };
  try {
    const { port } = await server.first;
    healthy = new Child("healthy.mjs", { url: `http://127.0.0.1:${port}` });
    await healthy.first;
    await pause(500); // Whatever is compiled and allocated once is not the attack's.
    await healthy.ask("reset");
    await pause(IDLE_MS);
    // What the machine does besides is in every latency.
    result.idle99 = (await healthy.ask("look")).p99;
    const before = await server.ask("settle");
    await server.ask("reset");
    await healthy.ask("reset");
    wires = new Wires(port);
    const began = performance.now();
    const outcome = await attack(row, { port, server, wires, scale, healthy });
    Object.assign(result, outcome.result);
    result.problems.push(...(outcome.problems ?? []));
    result.seconds = (performance.now() - began) / 1000;
    const quick = await healthy.ask("look");
    const during = await server.ask("settle");
    wires.destroy();
    const after = await back(server, before);
    judge({ row, result, heap, before, during, after, quick });
  } catch (error) {
    result.problems.push(server.fault ?? String(error));
  } finally {
    wires?.destroy();
    await healthy?.end();
    await server.end();
  }
  if (server.stderr !== "" && server.fault?.startsWith("ended") === false) {
    result.problems.push(server.stderr.slice(0, 300));
  }
  return result;
}

async function attack(row, arena) {
  const outcome = await Promise.race([
    row.attack(arena),
    pause(LONGEST_MS).then(() => ({ inputs: 0, survivors: "", problems: ["took over 60 s"] })),
  ]);
  const { inputs, problems, survivors = "" } = outcome;
  return { problems, result: { inputs, survivors } };
}

/** Memory once the attackers are gone, as soon as it is where it was. */
async function back(server, before) {
  const until = performance.now() + BACK_MS;
  let now = await server.ask("settle");
  while (performance.now() < until && (now.held - before.held > 2 * MB || now.clients > 4)) {
    await pause(500); // Collected memory and ended sessions show themselves later.
    now = await server.ask("settle");
  }
  return now;
}

function judge({ after, before, during, heap, quick, result, row }) {
  const limit = heap / 4 + BESIDE_MB;
  result.peakMb = (during.peak - before.held) / MB;
  result.afterMb = (after.held - before.held) / MB;
  result.delayMax = during.delayMax;
  result.p50 = quick.p50;
  result.p99 = quick.p99;
  result.cpu = (during.cpu.user + during.cpu.system - before.cpu.user - before.cpu.system) / 1e6;
  if (row.harmsHealthy === undefined) {
    if (quick.lost > 0 || quick.connected < 4)
      result.problems.push(`${quick.lost} healthy clients lost`);
    if (quick.answered === 0) result.problems.push("no healthy client was answered");
  }
  if (result.peakMb > limit) result.problems.push(`peak over ${limit} MB`);
  if (result.afterMb > BESIDE_MB / 2) result.problems.push("memory does not come back");
  if (after.clients > 4) result.problems.push(`${after.clients - 4} sessions left`);
}
