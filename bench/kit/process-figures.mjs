// What the system says of a process: CPU time of all its threads, and memory. Reads /proc, so Linux only.

import { readdirSync, readFileSync } from "node:fs";

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // A thread that ended meanwhile.
    return "";
  }
}

/**
 * Seconds of CPU that all threads of a process have used, in nanosecond steps.
 * @param {number} pid
 */
export function cpuSeconds(pid) {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const used = readOrEmpty(`/proc/${pid}/task/${thread}/schedstat`).split(" ", 1)[0];
    nanoseconds += Number(used || 0);
  }
  return nanoseconds / 1e9;
}

/** Seconds of CPU that this process has used. */
export function ownCpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Memory of a process in KiB: resident, and the part of it that no file backs.
 * @param {number} pid
 * @returns {{ rss: number, anonymous: number }}
 */
export function residentKiB(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const line = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? Number.NaN);
  return { rss: line("Rss"), anonymous: line("Anonymous") };
}

/** Fails where these figures cannot be had. @throws Error elsewhere than on Linux */
export function demandProcessFigures() {
  if (process.platform !== "linux") {
    throw new Error("the benchmark reads CPU time and memory from /proc: it runs on Linux only");
  }
}
