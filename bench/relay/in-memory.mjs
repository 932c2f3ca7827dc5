// Passing on in one process, without a network: everything between the frame that came and the frame that leaves.

import { MemoryServer } from "../growth/memory-server.mjs";
import { ownCpuSeconds } from "../kit/process-figures.mjs";

/** Microseconds of CPU between two looks at it, at least. */
const LEAST = 40_000;

/** @typedef {(frames: (string | Uint8Array)[]) => void} Send */

/**
 * A sender, and a receiver of what it sends.
 * @param {boolean} isRelay
 * @returns {Send}
 */
function meet(isRelay) {
  const server = new MemoryServer();
  const sender = server.connect();
  const receiver = server.connect();
  const { socket } = sender;
  if (isRelay) socket.relay("cursor");
  else socket.on("cursor", (...args) => socket.broadcast.emit("cursor", ...args));
  return (frames) => {
    const before = receiver.raw.sent;
    for (const frame of frames) sender.sink?.onFrame(frame);
    if (receiver.raw.sent - before !== frames.length) throw new Error("not passed on");
  };
}

/**
 * Microseconds of CPU per event: by a listener, and by a relay. They take turns, and the best round of each counts.
 * @param {import("./messages.mjs").Message} message
 * @param {number} rounds
 */
export function measureInMemory({ frames }, rounds) {
  const sent = frames("").map((frame) => (typeof frame === "string" ? `4${frame}` : frame));
  const ways = { listener: meet(false), relay: meet(true) };
  const best = { listener: Number.POSITIVE_INFINITY, relay: Number.POSITIVE_INFINITY };
  const count = 100;
  for (let round = -2; round < rounds; round++) {
    for (const way of /** @type {const} */ (["listener", "relay"])) {
      const send = ways[way];
      let [done, spent] = [0, 0];
      const began = ownCpuSeconds();
      do {
        for (let each = 0; each < count; each++) send(sent);
        done += count;
        spent = 1e6 * (ownCpuSeconds() - began);
      } while (spent < LEAST);
      // The first rounds are for the compiler.
      if (round >= 0) best[way] = Math.min(best[way], spent / done);
    }
  }
  return best;
}
