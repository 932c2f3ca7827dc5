// More planted faults, by authors who have not read the oracles (packages/testkit/src/simulator/oracles). Same form as in
// planted.mjs.

/** @type {import("./planted.mjs").PlantedFault[]} */
export const further = [];
