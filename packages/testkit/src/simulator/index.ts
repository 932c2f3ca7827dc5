// Clusters on virtual time, with faults, judged by oracles. Guide: docs/site/guides/simulator.md.

export type { Finding, Promised } from "./history.ts";
export type { Convergence } from "./oracles/convergence.ts";
export type { FaultKind, WorldKind } from "./setting.ts";
export { type SimulationOutcome, simulateCluster } from "./simulation.ts";
export type { SimulationOptions } from "./world.ts";
