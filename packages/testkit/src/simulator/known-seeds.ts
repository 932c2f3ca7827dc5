// Seeds that have found a fault, each with what it was. They run with every test. A change of the simulator gives a seed
// another course of events; scripts/simulate/mended.mjs has the faults themselves, so that others can be found for them.

/** A seed that has found something. */
interface KnownSeed {
  readonly seed: number;
  readonly found: string;
}

/** All of them. */
export const knownSeeds: readonly KnownSeed[] = [
  {
    seed: 223,
    found: "a server that starts while the log is away never reads what it appends first",
  },
  { seed: 128, found: "an append that is confirmed after its entry was trimmed has no outcome" },
  { seed: 52, found: "the last part of an answer overtakes others, and sockets are missing" },
  { seed: 7, found: "a socket with more data than the broker takes is missing" },
  { seed: 39, found: "late messages of a server that has ended come out of order" },
  { seed: 1105, found: "a session goes on over messages that are refused while it is read" },
  { seed: 5103, found: "what a server sends while it closes reaches its clients twice" },
];
