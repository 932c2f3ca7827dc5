// Seeds that have found a fault, each with what it was. They run with every test. A change of the simulator gives a seed
// another course of events; scripts/simulate/mended.mjs has the faults themselves, so that others can be found for them.

/** A seed that has found something. */
export interface KnownSeed {
  readonly seed: number;
  readonly found: string;
}

/** All of them. */
export const knownSeeds: readonly KnownSeed[] = [];
