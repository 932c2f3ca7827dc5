// What a seed decides before anything happens: the kind of cluster, its limits, and which faults it meets.

import type { Milliseconds } from "@sockeye/portable";
import type { SeededRandom } from "../seeded-random.ts";

/** Where servers keep what they have sent: one server in memory, several on a bus alone, several on a log. */
export type WorldKind = "alone" | "bus" | "log";

/** The faults that may happen, each of them with its own share of the seeds. */
const faultKinds = [
  "broker restarts",
  "broker loses its memory",
  "cut off",
  "half open",
  "deaf",
  "lossy bus",
  "lost answers",
  "slow link",
  "crash",
  "close",
  "suspend",
  "client cut",
  "client half open",
  "client stops reading",
  "host vanishes",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** The setting of one simulation. Durations are milliseconds. */
export interface Setting {
  readonly kind: WorldKind;
  readonly nodes: number;
  readonly clients: number;
  readonly faults: ReadonlySet<FaultKind>;
  /** How many faults begin. */
  readonly faultCount: number;
  readonly heartbeatInterval: Milliseconds;
  readonly pingInterval: Milliseconds;
  readonly pingTimeout: Milliseconds;
  readonly sessionAge: Milliseconds;
  /** Time between two events of a server, on average. */
  readonly emitEvery: Milliseconds;
  /** How much clocks differ in rate, at most. */
  readonly clockDrift: number;
  readonly maxPendingBytes: number;
  readonly maxReplayBytes: number;
  readonly maxPayload: number;
  readonly maxSendBufferSize: number;
  /** Most entries of the log. */
  readonly maxEntries: number;
  /** Most packets that a server keeps in memory. */
  readonly maxPackets: number;
  readonly reorderWindow: Milliseconds;
  readonly isWatching: boolean;
  /** Whether servers on a bus publish to rooms of other servers alone. */
  readonly routesByRooms: boolean;
  /** Whether sessions are recovered where that is possible. */
  readonly isRecovering: boolean;
  /** Whether restored sockets pass middleware that takes its time. */
  readonly hasMiddleware: boolean;
  /** Whether a server says nothing any more once something was refused to it. */
  readonly fallsSilent: boolean;
  /** Whether some servers cannot reach the broker when they begin. */
  readonly startsCutOff: boolean;
  /** Whether a client that comes back is cut again at once, now and then. */
  readonly hasSecondCuts: boolean;
  /** Whether clients answer twice, now and then. */
  readonly answersTwice: boolean;
  /** How often bursts of a thousand events come, in place of one. */
  readonly hasBursts: boolean;
}

/** How long faults begin, how long they are over at the latest, and the end. */
export const phases = { faultsBegin: 400, faultsEnd: 2600, calm: 3800 } as const;

/** Chooses the setting of a seed. */
export function settingOf(
  random: SeededRandom,
  kinds: readonly [WorldKind, ...WorldKind[]],
): Setting {
  const kind = random.pick(kinds);
  const faults = new Set(faultKinds.filter(() => random.once(3)));
  const isSmall = random.once(2);
  return {
    kind,
    nodes: kind === "alone" ? 1 : 2 + random.below(2),
    clients: 2 + random.below(3),
    faults,
    faultCount: 1 + random.below(6),
    heartbeatInterval: 400,
    pingInterval: 500 + 100 * random.below(2),
    pingTimeout: 300,
    sessionAge: random.pick([1000, 2500, 10_000]),
    emitEvery: random.pick([60, 120, 250]),
    clockDrift: random.pick([0, 0.001, 0.03]),
    maxPendingBytes: isSmall ? random.pick([1024, 2048, 4096]) : 2 ** 20,
    maxReplayBytes: random.pick([0, 5000, 2 ** 20]),
    maxPayload: random.once(4) ? 1024 : 2 ** 16,
    maxSendBufferSize: random.pick([600, 1500, 4000, 2 ** 20]),
    maxEntries: random.pick([15, 60, 10_000, 10_000]),
    maxPackets: random.pick([8, 30, 10_000]),
    reorderWindow: random.pick([0, 0, 40]),
    isWatching: random.once(2),
    routesByRooms: kind === "bus" && random.once(2),
    isRecovering: kind !== "bus" || random.once(2),
    hasMiddleware: random.once(4),
    fallsSilent: random.once(3),
    startsCutOff: random.once(6),
    hasSecondCuts: random.once(3),
    answersTwice: random.once(3),
    hasBursts: random.once(25),
  };
}
