// The course of a measured run: warm up, measure, stop sending, wait for what is still due, and see that
// nothing more comes.

const DRAIN_LIMIT_MS = 10_000;
const QUIET_MS = 100;

/**
 * Waits.
 * @param {number} ms
 */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * @typedef {object} Traffic
 * @property {import("./tally.mjs").Tally} tally
 * @property {() => void} start
 * @property {() => void} stop no new messages
 */

/**
 * Runs traffic through all phases.
 * @param {Traffic} traffic
 * @param {{ warmMs: number, measureMs: number }} plan
 * @returns {Promise<import("./tally.mjs").Measured>}
 */
export async function measureTraffic({ tally, start, stop }, { warmMs, measureMs }) {
  start();
  await pause(warmMs);
  tally.begin(tally.received);
  await pause(measureMs);
  const measured = tally.finish(tally.received);
  stop();
  const due = () => tally.sent * tally.repliesEach;
  const limit = performance.now() + DRAIN_LIMIT_MS;
  while (tally.received < due() && performance.now() < limit) await pause(5);
  await pause(QUIET_MS);
  const expected = due();
  if (tally.received !== expected) {
    tally.wrong(`${tally.received} replies arrived, ${expected} were due`);
  }
  if (tally.firstError !== undefined) throw new Error(tally.firstError);
  return { ...measured, expected, received: tally.received };
}
