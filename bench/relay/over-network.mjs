// Passing on by a server in a process of its own: reading from the network, and writing to it, included.

import { fileURLToPath } from "node:url";
import { bytesOf, Meeting } from "../kit/meeting.mjs";

const FILE = fileURLToPath(new URL("server.mjs", import.meta.url));

const ways = /** @type {const} */ (["listener", "relay", "engine"]);

/**
 * Microseconds of the server's CPU per event, by way. The ways take turns, and the best round of each counts.
 * @param {import("./messages.mjs").Message} message
 * @param {{ rounds: number, count: number }} amount
 */
export async function measureOverNetwork(message, { count, rounds }) {
  const frames = message.frames("");
  const bytes = bytesOf(frames);
  const meetings = ways.map((way) => ({
    way,
    meeting: new Meeting(FILE, { way }),
    best: Number.POSITIVE_INFINITY,
  }));
  try {
    for (const { meeting } of meetings) await meeting.open(2);
    for (let round = -1; round < rounds; round++) {
      for (const each of meetings) {
        const cost = await each.meeting.spend(bytes, { count, frames: frames.length });
        // The first round is for the compiler.
        if (round >= 0) each.best = Math.min(each.best, cost);
      }
    }
  } finally {
    for (const { meeting } of meetings) await meeting.close();
  }
  const [listener, relay, engine] = meetings.map(({ best }) => best);
  return { listener: Number(listener), relay: Number(relay), engine: Number(engine) };
}
