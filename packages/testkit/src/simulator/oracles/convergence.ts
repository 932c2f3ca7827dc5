// What all servers say when faults are over: the same, and the truth. Other packages add their own question.

import type { SimNode } from "../sim-node.ts";
import type { World } from "../world.ts";

/** A question that every server answers alike once faults are over. */
export interface Convergence {
  readonly name: string;
  /** Asks one server. Its answer is compared as JSON. */
  ask(node: SimNode): Promise<unknown>;
  /** The right answer; nothing when only the agreement counts. */
  truth?(world: World): unknown;
}

interface Found {
  readonly id: string;
  readonly rooms: ReadonlySet<string>;
}

function described(found: Iterable<Found>): string[] {
  return [...found].map(({ id, rooms }) => `${id}: ${[...rooms].sort().join()}`).sort();
}

/** The sockets that each server finds, with their rooms. */
export const foundSockets: Convergence = {
  name: "fetchSockets",
  async ask({ server }) {
    return described((await server.fetchSockets()) as unknown as Found[]);
  },
  truth: (world) => described(world.nodes.flatMap((node) => node.appSockets)),
};

/** The ids of sockets in a room. */
export const socketsInRoom: Convergence = {
  name: "adapter.sockets",
  async ask({ adapter }) {
    return [...(await adapter.sockets(new Set(["r0"])))].sort();
  },
  truth: (world) =>
    world.nodes
      .flatMap((node) => node.appSockets)
      .filter(({ rooms }) => rooms.has("r0"))
      .map(({ id }) => id)
      .sort(),
};

/** How many servers each of them knows. */
export const countedServers: Convergence = {
  name: "serverCount",
  ask: ({ adapter }) => adapter.serverCount(),
  truth: ({ nodes }) => nodes.length,
};

/** Asks every server; the answers are judged when they are there. */
export function askAll(world: World, convergence: Convergence): () => void {
  const answers = new Map<SimNode, string>();
  for (const node of world.nodes) {
    convergence.ask(node).then(
      (answer) => void answers.set(node, JSON.stringify(answer)),
      (error: unknown) => void answers.set(node, String(error)),
    );
  }
  const truth = JSON.stringify(convergence.truth?.(world));
  return () => {
    const [first] = answers.values();
    for (const node of world.nodes) {
      const answer = answers.get(node) ?? "nothing yet";
      const wanted = truth ?? first;
      if (answer === wanted) continue;
      const text = `${convergence.name} at ${node.name}: ${answer}, and not ${wanted}`;
      world.history.find("membership", text);
    }
  };
}

/** The clients that are connected are those that the servers have, each once. */
export function judgeClients({ clients, history, nodes }: World): void {
  const wanted = clients.map(({ sid }) => sid).sort();
  const found = nodes.flatMap((node) => node.appSockets.map(({ id }) => id)).sort();
  if (JSON.stringify(wanted) === JSON.stringify(found)) return;
  history.find("membership", `servers have ${found.join()}, and clients are ${wanted.join()}`);
}
