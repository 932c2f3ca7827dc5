// What an idle connection costs in the server's heap, class by class: a snapshot before, one while connections
// are held, the difference divided by their number.

import { ServerHeap } from "./server-heap.mjs";
import { growth } from "./snapshot.mjs";

const WARM_UP = 100;

/**
 * @typedef {object} IdleCost per connection
 * @property {string} target
 * @property {number} connections
 * @property {number} objects
 * @property {number} bytes in the heap
 * @property {number} externalBytes outside of it, as far as V8 knows
 * @property {{ name: string, count: number, bytes: number }[]} classes
 */

/**
 * Starts a server, holds connections, and compares its heap.
 * @param {import("../targets.mjs").Target} target
 * @param {number} connections
 * @returns {Promise<IdleCost>}
 */
export async function measureIdleCost(target, connections) {
  const server = await ServerHeap.start(target);
  try {
    // What is made once, at the first connections, is no part of the cost of one.
    await server.comeAndGo("websocket", WARM_UP);
    const { external } = await server.memory();
    const before = await server.classes("with holders");
    const [after, held] = await server.whileHeld(connections, async () => {
      const memory = await server.memory();
      return [await server.classes("with holders"), memory.external];
    });
    const classes = growth(before, after);
    const sum = (/** @type {"count" | "bytes"} */ what, /** @type {boolean} */ onlyObjects) =>
      classes
        .filter(({ isObject }) => isObject || !onlyObjects)
        .reduce((total, each) => total + each[what], 0) / connections;
    return {
      target: target.name,
      connections,
      objects: sum("count", true),
      bytes: sum("bytes", false),
      externalBytes: (held - external) / connections,
      classes: classes.map(({ bytes, count, name }) => ({
        name,
        count: count / connections,
        bytes: bytes / connections,
      })),
    };
  } finally {
    await server.end();
  }
}
