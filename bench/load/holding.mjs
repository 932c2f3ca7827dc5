// Connections that only exist: held while memory is read, or watched while they answer pings.

import { openSessions } from "./opening.mjs";
import { pause } from "./phases.mjs";

/**
 * @typedef {object} HoldingPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {boolean} isRaw
 * @property {number} connections
 * @property {number} warmMs
 * @property {number} measureMs
 */

/** A lane that expects nothing. */
class QuietLane {
  /** @type {import("./session.mjs").Session | null} */
  session = null;
  #tally;

  /** @param {import("./tally.mjs").Tally} tally */
  constructor(tally) {
    this.#tally = tally;
  }

  onReady() {}

  onMessage() {
    this.#tally.wrong("a message that nobody asked for");
  }

  /** @param {string} why */
  onLost(why) {
    this.#tally.wrong(`a connection was lost: ${why}`);
  }
}

/**
 * @param {HoldingPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
async function openQuietly(plan, tally) {
  const lanes = Array.from({ length: plan.connections }, () => new QuietLane(tally));
  await openSessions(plan, lanes, {
    attach: (lane, session) => {
      lane.session = session;
    },
  });
  return lanes;
}

/**
 * Counts pings. A unit is one ping and its pong.
 * @param {HoldingPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runHeartbeat(plan, tally) {
  const lanes = await openQuietly(plan, tally);
  const pings = () => lanes.reduce((sum, { session }) => sum + (session?.pings ?? 0), 0);
  await pause(plan.warmMs);
  tally.begin(pings());
  await pause(plan.measureMs);
  const measured = tally.finish(pings());
  if (measured.count === 0) tally.wrong("no ping arrived");
  if (tally.firstError !== undefined) throw new Error(tally.firstError);
  return { ...measured, expected: plan.connections, received: plan.connections };
}

/**
 * Opens connections, tells the driver, and holds them until it says to let go. A unit is one connection opened.
 * @param {HoldingPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runIdle(plan, tally) {
  tally.begin(0);
  const lanes = await openQuietly(plan, tally);
  const measured = tally.finish(lanes.length);
  const released = new Promise((resolve) => process.once("message", resolve));
  process.send?.({ kind: "holding" });
  await released;
  if (tally.firstError !== undefined) throw new Error(tally.firstError);
  for (const { session } of lanes) session?.destroy();
  return { ...measured, expected: plan.connections, received: plan.connections };
}
