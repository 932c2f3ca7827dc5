// What is fuzzed, as data: a surface is a place where bytes of others come in. Inputs come in sessions, whose state they
// share, so that a session can be repeated by its number and the seed of the run.

import type { SeededRandom } from "../../packages/testkit/src/seeded-random.ts";

/** One input, as it can be shown again: texts and bytes, in order. */
export type Input = readonly (string | Uint8Array)[];

/** What became of an input: it was taken, or refused in order. Anything that is thrown is a crash. */
export type Outcome = "accepted" | "refused";

/** The state that the inputs of one session share. */
export interface FuzzSession {
  /** Makes an input. */
  make(random: SeededRandom): Input;
  /** Gives it to the code under test. A promise where a network is between. @throws unknown what is a crash */
  feed(input: Input): Outcome | Promise<Outcome>;
  /** Ends it. Timers, connections and sockets are released. */
  end(): void | Promise<void>;
}

/** The code under test, as far as it outlives sessions. */
export interface Stage {
  begin(random: SeededRandom): FuzzSession | Promise<FuzzSession>;
  /** Errors that were reported elsewhere than to the caller, since the last call. */
  faults?(): readonly unknown[];
  end?(): void | Promise<void>;
}

/** A place where bytes of others come in. */
export interface Surface {
  readonly name: string;
  /** The share of all inputs, beside that of the others. */
  readonly weight: number;
  open(): Stage | Promise<Stage>;
}

/** How many inputs a session has. */
export const SESSION_INPUTS = 64;
