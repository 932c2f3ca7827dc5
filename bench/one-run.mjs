// One run: a fresh server of one target, a generator against it, each on its own core.

import { join } from "node:path";
import { Child } from "./kit/child.mjs";
import { residentKiB } from "./kit/process-figures.mjs";

/** The core that servers are pinned to. */
export const SERVER_CORE = 0;
/** The core that generators are pinned to. */
export const LOAD_CORE = 1;

/**
 * @typedef {object} Memory what a connection costs, in KiB
 * @property {number} rss
 * @property {number} anonymous
 * @property {number} heap
 * @property {number} external
 *
 * @typedef {import("./load/tally.mjs").Measured & { memory?: Memory }} RunResult
 */

/**
 * Starts a server of a target; it listens on a port of its own.
 * @param {import("./targets.mjs").Target} target
 * @param {{ server?: object }} [how] options of the server
 */
export async function startTarget(target, { server = {} } = {}) {
  const child = new Child({
    file: target.file,
    plan: server,
    flags: target.flags,
    core: SERVER_CORE,
    ...(target.runtime === undefined ? {} : { runtime: target.runtime }),
  });
  try {
    const { port } = await child.reported("ready");
    return { child, port: Number(port) };
  } catch (error) {
    await child.end();
    throw error;
  }
}

/**
 * Starts a generator against a server.
 * @param {import("./targets.mjs").Target} target
 * @param {{ port: number, child: Child }} server
 * @param {object} plan
 */
export function startLoad(target, { port, child }, plan) {
  return new Child({
    file: join(import.meta.dirname, "load/main.mjs"),
    plan: { isRaw: target.speaks === "raw", ...plan, port, pid: child.pid },
    core: LOAD_CORE,
  });
}

/**
 * The next of these reports of a generator.
 * @param {Child} load
 * @param {Child} server
 * @param {...string} kinds
 * @throws Error when a reply was wrong or missing, or either process ended
 */
export async function loadReport(load, server, ...kinds) {
  const report = await load.reported(...kinds);
  if (report["error"] !== undefined) throw new Error(server.failure ?? String(report["error"]));
  return report;
}

/**
 * A server's memory in KiB once garbage is collected.
 * @param {Child} child
 * @returns {Promise<Memory>}
 */
async function memoryOf(child) {
  const { heapUsed, external } = await child.ask({ kind: "memory", settles: true });
  const { rss, anonymous } = residentKiB(child.pid);
  return { rss, anonymous, heap: Number(heapUsed) / 1024, external: Number(external) / 1024 };
}

/**
 * What each of `count` connections added.
 * @param {Memory} before
 * @param {Memory} after
 * @param {number} count
 * @returns {Memory}
 */
function perConnection(before, after, count) {
  const each = (/** @type {keyof Memory} */ name) => (after[name] - before[name]) / count;
  return {
    rss: each("rss"),
    anonymous: each("anonymous"),
    heap: each("heap"),
    external: each("external"),
  };
}

/**
 * Runs a scenario once.
 * @param {import("./targets.mjs").Target} target
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {{ isQuick: boolean, profile?: string }} how `profile`: a file for a CPU profile of the server
 * @returns {Promise<RunResult>}
 * @throws Error when a reply was wrong or missing, or a process failed
 */
export async function runOnce(target, scenario, { isQuick, profile }) {
  const plan = { ...scenario.plan, ...(isQuick ? scenario.quick : {}) };
  const server = await startTarget(target, scenario);
  try {
    if (profile !== undefined) await server.child.ask({ kind: "start profile" });
    const isIdle = plan.mode === "idle";
    const before = isIdle ? await memoryOf(server.child) : undefined;
    const load = startLoad(target, server, plan);
    try {
      /** @type {Memory | undefined} */
      let memory;
      if (before !== undefined) {
        await loadReport(load, server.child, "holding", "result");
        memory = perConnection(before, await memoryOf(server.child), Number(plan.connections));
        load.say({ kind: "release" });
      }
      const { result } = await loadReport(load, server.child, "result");
      const measured = /** @type {RunResult} */ (result);
      if (profile !== undefined) await server.child.ask({ kind: "write profile", file: profile });
      return memory === undefined ? measured : { ...measured, memory };
    } finally {
      await load.end();
    }
  } finally {
    await server.child.end();
  }
}
