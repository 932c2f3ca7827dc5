// How long small things take: many of them between two looks at the clock, several times, the best counts,
// because whatever else the machine does can only add.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const ROUNDS = 9;

setFlagsFromString("--expose-gc");
/** Collects garbage now. @type {() => void} */
const collect = runInNewContext("gc");

/**
 * Nanoseconds that one of `count` took.
 * @param {number} count
 * @param {(index: number) => unknown} work
 */
export function each(count, work) {
  const began = process.hrtime.bigint();
  for (let index = 0; index < count; index++) work(index);
  return Number(process.hrtime.bigint() - began) / count;
}

/**
 * The best of several rounds, name by name.
 * @param {() => Record<string, number>} round
 * @returns {Record<string, number>}
 */
export function best(round) {
  /** @type {Record<string, number>} */
  const least = {};
  collect();
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    for (const [name, cost] of Object.entries(round())) {
      least[name] = Math.min(cost, least[name] ?? Number.POSITIVE_INFINITY);
    }
  }
  return least;
}

/** Bytes of heap in use once garbage is collected. */
export function heapBytes() {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
