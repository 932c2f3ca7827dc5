// What presence does on every engine, as data, with three servers.

import { same } from "../claims.ts";
import type { ClusterCase, ClusterContext, ClusterMember } from "./cluster-context.ts";
import { three } from "./cluster-steps.ts";

type Shown = readonly (readonly [string, readonly unknown[]])[];

/** Waits until a server says what is expected. */
async function until(
  context: ClusterContext,
  read: () => Promise<unknown>,
  expected: unknown,
): Promise<void> {
  let found: unknown;
  for (let turn = 0; turn < 1000; turn++) {
    found = await read();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    await context.pause();
  }
  same(found, expected);
}

/** Waits until every listed server sees the same users. */
async function seen(
  context: ClusterContext,
  shown: Shown,
  at: readonly number[] = [0, 1, 2],
): Promise<void> {
  for (const index of at) {
    const member = context.members[index] as ClusterMember;
    await until(context, () => member.do({ op: "presence" }), shown);
  }
}

/** Three clients of three servers, of two users. */
async function twoUsers(context: ClusterContext): Promise<readonly [string, string, string]> {
  const [one, two, last] = context.members;
  // Those of the case before may still be on their way out.
  await seen(context, []);
  for (const member of context.members) await member.do({ op: "presence heard" });
  const [a, b, c] = await three(context);
  await one.do({ op: "presence set", id: a.id, user: "ada", meta: "a" });
  await two.do({ op: "presence set", id: b.id, user: "ada", meta: "b" });
  await last.do({ op: "presence set", id: c.id, user: "bob", meta: { deep: [1, "é"] } });
  await seen(context, [
    ["ada", ["a", "b"]],
    ["bob", [{ deep: [1, "é"] }]],
  ]);
  return [a.id, b.id, c.id];
}

/** The conformance cases of presence. */
export const presenceCases: readonly ClusterCase[] = [
  {
    id: "ON1",
    feature: "presence",
    title: "every server sees every user once, with all sessions and their metadata",
    async run(context) {
      await twoUsers(context);
    },
  },
  {
    id: "ON2",
    feature: "presence events",
    title: "a user joins with the first session and leaves with the last",
    async run(context) {
      const [first] = context.members;
      const [a, b] = await twoUsers(context);
      const heard = new Set((await first.do({ op: "presence heard" })) as string[]);
      same([heard.has("+ada"), heard.has("+bob"), heard.has("-ada")], [true, true, false]);
      await context.members[0].do({ op: "presence set", id: a, user: null });
      await seen(context, [
        ["ada", ["b"]],
        ["bob", [{ deep: [1, "é"] }]],
      ]);
      same(await first.do({ op: "presence heard" }), ["~ada"]);
      await context.members[1].do({ op: "presence set", id: b, user: null });
      await seen(context, [["bob", [{ deep: [1, "é"] }]]]);
      same(await first.do({ op: "presence heard" }), ["-ada"]);
    },
  },
  {
    id: "ON3",
    feature: "presence in rooms",
    title: "rooms show those who are in them, while they are",
    async run(context) {
      const [a, , c] = await twoUsers(context);
      const [one, two, last] = context.members;
      await one.do({ op: "own join", id: a, rooms: ["doc:1", "other"] });
      await last.do({ op: "own join", id: c, rooms: ["doc:1"] });
      const both = [
        ["ada", ["a"]],
        ["bob", [{ deep: [1, "é"] }]],
      ];
      await until(context, () => two.do({ op: "presence", room: "doc:1" }), both);
      same(await one.do({ op: "presence", room: "other" }), []);
      await one.do({ op: "leave", aim: { rooms: [a] }, change: ["doc:1"] });
      await until(context, () => two.do({ op: "presence", room: "doc:1" }), both.slice(1));
    },
  },
  {
    id: "ON4",
    feature: "presence after a crash",
    title: "when a server crashes its users leave within the time in which that is noticed",
    async run(context) {
      await twoUsers(context);
      await context.members[2].kill();
      await seen(context, [["ada", ["a", "b"]]], [0, 1]);
    },
  },
];
