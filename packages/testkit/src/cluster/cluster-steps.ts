// Steps of the conformance cases of cluster adapters.

import { holds, same } from "../claims.ts";
import type { ClusterClient, ClusterContext, ClusterMember } from "./cluster-context.ts";
import type { Aim } from "./commands.ts";

/** One for each server. */
export type Three<T> = readonly [T, T, T];

/** A client on each server. */
export async function three(
  { members }: ClusterContext,
  nsp?: string,
): Promise<Three<ClusterClient>> {
  const clients = await Promise.all(members.map((member) => member.connect(nsp)));
  return clients as unknown as Three<ClusterClient>;
}

/** The next event of each client. */
export function heard(clients: readonly ClusterClient[]): Promise<(readonly unknown[])[]> {
  return Promise.all(clients.map((client) => client.next()));
}

/** Sends a last event to all, and claims that nothing came before it. */
export async function nothingElse(
  member: ClusterMember,
  clients: readonly ClusterClient[],
  nsp = "/",
): Promise<void> {
  await member.do({ op: "emit", aim: { nsp }, args: ["last"] });
  for (const client of clients) same(await client.next(), ["last"], "the next event");
}

/** Asks again until the answer is as claimed, for at most five seconds. */
export async function until<T>(
  { pause }: ClusterContext,
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> {
  const end = Date.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    holds(Date.now() < end, `the answer changes from ${JSON.stringify(answer)} within 5 s`);
    await pause();
  }
}

/** What a server has found. */
export interface Shown {
  readonly id: string;
  readonly rooms: readonly string[];
  readonly data: unknown;
  readonly hasHandshake: boolean;
}

/** The sockets that a server finds, by id. */
export async function fetched(member: ClusterMember, aim: Aim = {}): Promise<readonly Shown[]> {
  const found = (await member.do({ op: "fetch", aim })) as Shown[];
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The ids of clients, in the order of `fetched`. */
export function sorted(clients: readonly ClusterClient[]): string[] {
  return clients.map(({ id }) => id).sort();
}
