// Runs the simulation of a seed, from the first server to the last client that leaves, and has it judged.

import { planFaults } from "./faults.ts";
import type { Finding } from "./history.ts";
import { judgeLimits, judgeQuiet } from "./oracles/buffers.ts";
import { judgeBusSession } from "./oracles/bus.ts";
import {
  askAll,
  type Convergence,
  countedServers,
  foundSockets,
  judgeClients,
  socketsInRoom,
} from "./oracles/convergence.ts";
import { judgeLog, judgeOutcomes } from "./oracles/log.ts";
import { judgeSession } from "./oracles/sessions.ts";
import { phases, type WorldKind } from "./setting.ts";
import { type SimulationOptions, World } from "./world.ts";

/** What came of a seed. */
export interface SimulationOutcome {
  readonly seed: number;
  readonly kind: WorldKind;
  readonly findings: readonly Finding[];
  /** How many things have happened. */
  readonly happened: number;
  readonly events: number;
  readonly heard: number;
  readonly recoveries: number;
  /** How many faults of each kind. */
  readonly injected: Readonly<Record<string, number>>;
  /** Lines, when they are asked for. */
  readonly trace: readonly string[];
}

const CONVERGENCES: readonly Convergence[] = [foundSockets, socketsInRoom];

// Two heartbeats, half of one until the next look, and the ways.
const TWO_HEARTBEATS = 1050;
const LOOK_EVERY = 60;

/** Runs one seed. `more`: further questions that servers must answer alike. */
export async function simulateCluster(
  seed: number,
  options: SimulationOptions,
  more: readonly Convergence[] = [],
): Promise<SimulationOutcome> {
  const world = new World(seed, options);
  const { history, setting, timeline } = world;
  for (let count = 0; count < setting.nodes; count++) world.startNode();
  for (let count = 0; count < setting.clients; count++) world.addClient();
  planFaults(world);
  look(world);
  await timeline.runUntil(phases.faultsEnd + TWO_HEARTBEATS);
  history.note("=== two heartbeats after the last fault");
  const judgeCount = setting.kind === "alone" ? null : askAll(world, countedServers);
  await timeline.runUntil(phases.calm);
  history.note("=== calm");
  judgeCount?.();
  judgeClients(world);
  const judges = [...CONVERGENCES, ...more].map((each) => askAll(world, each));
  await timeline.runUntil(phases.calm + 150);
  for (const judge of judges) judge();
  judgeAll(world);
  await leave(world);
  return outcomeOf(seed, world);
}

/** Compares the buffers with their limits now and then. */
function look(world: World): void {
  world.timeline.after(LOOK_EVERY, () => {
    judgeLimits(world);
    if (world.timeline.now < phases.calm) look(world);
  });
}

function judgeAll(world: World): void {
  const { clients, history, setting } = world;
  const alive = new Set(clients.map((client) => world.sessionOf(client)));
  const judge = setting.kind === "bus" ? judgeBusSession : judgeSession;
  for (const session of history.sessions.values()) judge(world, session, alive.has(session));
  if (setting.kind !== "log") return;
  judgeLog(world);
  judgeOutcomes(world);
}

async function leave(world: World): Promise<void> {
  const { clients, history, timeline } = world;
  history.note("=== all clients leave");
  for (const client of clients) client.leave();
  await timeline.runUntil(timeline.now + 700);
  judgeQuiet(world);
}

function outcomeOf(
  seed: number,
  { history, injected, setting, timeline }: World,
): SimulationOutcome {
  const sessions = [...history.sessions.values()];
  return {
    seed,
    kind: setting.kind,
    findings: history.findings,
    happened: timeline.passed,
    events: history.events.length,
    heard: sessions.reduce((sum, { heard }) => sum + heard.length, 0),
    recoveries: sessions.reduce((sum, session) => sum + session.recoveries, 0),
    injected: Object.fromEntries(injected),
    trace: history.trace,
  };
}
