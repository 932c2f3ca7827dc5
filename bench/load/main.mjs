// The load generator: one run of one scenario against one server, in a process of its own. Gets its plan on
// the command line, reports a result or an error over IPC.

import { runBroadcast } from "./broadcast.mjs";
import { runEcho } from "./echo.mjs";
import { runHeartbeat, runIdle } from "./holding.mjs";
import { runPolling } from "./polling.mjs";
import { runStorm } from "./storm.mjs";
import { Tally } from "./tally.mjs";

const READ_BUFFER = 256 * 1024;

/**
 * @type {Record<string, (plan: any, tally: Tally) => Promise<import("./tally.mjs").Measured>>}
 * The plan's shape follows from its mode; scenarios.mjs writes both.
 */
const modes = {
  echo: runEcho,
  broadcast: runBroadcast,
  storm: runStorm,
  polling: runPolling,
  heartbeat: runHeartbeat,
  idle: runIdle,
};

process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (/** @type {{ kind: string }} */ (message).kind === "end") process.exit(0);
});

const plan = JSON.parse(process.argv[2] ?? "{}");
const tally = new Tally(plan.pid);
try {
  const run = modes[plan.mode];
  if (run === undefined) throw new Error(`no mode "${plan.mode}"`);
  const result = await run({ ...plan, buffer: Buffer.allocUnsafeSlow(READ_BUFFER) }, tally);
  process.send?.({ kind: "result", result });
} catch (error) {
  const why = tally.firstError ?? (error instanceof Error ? error.message : String(error));
  process.send?.({ kind: "result", error: why });
}
