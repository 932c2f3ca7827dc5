// Our server and Socket.IO's, given the same peers that do the same things at random, tell their applications the same
// events in the same order and send their peers the same packets. Whatever differs on purpose
// (docs/compatibility.md) is left out of what peers do.

import fc from "fast-check";
import { Server as TheirServer } from "socket.io";
import { expect, test, vi } from "vitest";
import { isControl } from "../test/running-server.ts";
import { type TracedPeer, TracedPoller, TracedWebSocket } from "../test/traced-peer.ts";
import { type MakeServer, plain, serverActs, TracedServer } from "../test/traced-server.ts";
import { Server as OurServer } from "./index.ts";

type Step =
  | { readonly do: "open"; readonly peer: number }
  | { readonly do: "leave"; readonly peer: number }
  | { readonly do: "send"; readonly peer: number; readonly frames: readonly string[] }
  | {
      readonly do: "act";
      readonly nsp: string;
      readonly act: keyof typeof serverActs | "describe";
    };

const PEERS = 3;
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** What a peer that knows the protocol sends. */
const usual: readonly (readonly string[])[] = [
  ...["40", "40/a,", "40/d1,", '40{"token":"early"}', '40/a,{"token":"early"}'].map((text) => [
    text,
  ]),
  ...['40/a,{"token":"no"}', '40/a,{"token":"slow"}', "40/nope,", "40/a?q=1,"].map((text) => [
    text,
  ]),
  ...["41", "41/a,", "41/d1,", "3", "6"].map((text) => [text]),
  ...['42["x",1,null]', '42/a,["x"]', '42/d1,["x"]', '42[7,"n"]', '42["toString"]'].map((text) => [
    text,
  ]),
  ...['42["join","r1"]', '42/a,["join","r1"]', '421["join",["r1","r2"]]'].map((text) => [text]),
  ...['42["leave","r1"]', '42["tell","r1","hi"]', '42/a,["tell","r1","hi"]'].map((text) => [text]),
  ...['42["others","o"]', '42["everyone","e"]', '42["several"]', '42["volatile",1]'].map((text) => [
    text,
  ]),
  ...['42["leaveMe"]', '42/a,["leaveMe"]', '42["leaveMeAlone"]', '42["close"]'].map((text) => [
    text,
  ]),
  ...['42["ask","z"]', '42["askInTime","z"]', '430["ok",2]', '431["ok"]', "4399[]"].map((text) => [
    text,
  ]),
  ...['425["echo","a"]', '42["echo","a","b"]', '421["x"]', '42["joinTooLate"]'].map((text) => [
    text,
  ]),
  ...['42["later",1]', '42["blocked"]', '42["error","boom"]', '42["__proto__"]'].map((text) => [
    text,
  ]),
  [`451-["bytes",${PLACEHOLDER}]`, "<0102>"],
  [`451-7["bytes",${PLACEHOLDER}]`, "<0102>"],
  ['42["later"]', '42["x","after"]'],
  ['42["later"]', "41"],
  ['42["x",1]', '42["x",2]', '42["x",3]'],
];

/** What no peer should send. */
const broken: readonly (readonly string[])[] = [
  ...["9", "4zzz", "44{}", "46", "47", "40[]", '40"x"', "41{}", "43{}", "45-[]"].map((text) => [
    text,
  ]),
  ...['42["disconnect"]', "42[]", "42{}", '42["x"', '4510001-["x"]', "<0102>", "2"].map((text) => [
    text,
  ]),
  ...["43/a,0[]", '42/nope,["x"]'].map((text) => [text]),
  [`451-["bytes",${PLACEHOLDER}]`, '42["x"]'],
  ['451-["bytes",{"_placeholder":true,"num":5}]', "<01>"],
  ['453-["bytes"]'],
];

const peer = fc.nat(PEERS - 1);
const send = (frames: readonly (readonly string[])[]) =>
  fc.record({ do: fc.constant("send" as const), peer, frames: fc.constantFrom(...frames) });
const acts = [...Object.keys(serverActs), "describe"] as (keyof typeof serverActs | "describe")[];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("open" as const), peer }) },
  { weight: 15, arbitrary: send(usual) },
  { weight: 2, arbitrary: send(broken) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), peer }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: fc.constant("act" as const), nsp: fc.constantFrom("/", "/a") },
      act: fc.constantFrom(...acts),
    }),
  },
);

const BEGINNING: readonly Step[] = [0, 1].flatMap((who): Step[] => [
  { do: "open", peer: who },
  { do: "send", peer: who, frames: ["40"] },
]);

/** The namespace that a frame is for. */
function namespaceOf(frame: string): string | undefined {
  const match = /^4[0-6](?:\d+-)?(\/[^,]*)?/.exec(frame);
  return match === null ? undefined : (match[1] ?? "/");
}

/** Leaves out what a peer sends to a namespace that it was put out of: there the two differ. */
function comparable(steps: readonly Step[]): Step[] {
  const out = Array.from({ length: PEERS }, () => new Set<string>());
  return steps.filter((each) => {
    if (each.do === "act" && each.act === "disconnect")
      for (const names of out) names.add(each.nsp);
    if (each.do !== "send") return true;
    const names = out[each.peer] as Set<string>;
    for (const frame of each.frames) {
      const nsp = namespaceOf(frame);
      if (nsp === undefined) continue;
      if (frame.startsWith("40")) names.delete(nsp);
      else if (names.has(nsp)) return false;
      if (/"leaveMe"|"joinTooLate"/.test(frame)) names.add(nsp);
    }
    return true;
  });
}

type Open = (port: number, name: number) => Promise<TracedPeer>;

/** Runs a program and returns what was seen. */
async function trace(make: MakeServer, open: Open, steps: readonly Step[]): Promise<string[]> {
  await using server = new TracedServer(make);
  const port = await server.listen();
  const peers: (TracedPeer | undefined)[] = [];
  const perform = async (each: Step): Promise<void> => {
    if (each.do === "act") {
      const nsp = server.io.of(each.nsp);
      const result =
        each.act === "describe" ? await server.describe(nsp) : serverActs[each.act](nsp);
      server.tell(plain(result) ?? "");
      return;
    }
    const who = peers[each.peer];
    if (each.do === "open") {
      if (who?.isOpen !== true) peers[each.peer] = await open(port, each.peer);
    } else if (who?.isOpen !== true) return;
    else if (each.do === "leave") await who.leave();
    else for (const frame of each.frames) who.send(frame);
  };
  for (const each of steps) {
    server.tell("--", plain(each));
    await perform(each);
    for (const one of peers) await one?.settle();
    for (const [name, one] of peers.entries()) {
      const got = one?.take() ?? [];
      const told = got.map((frame) =>
        frame
          .replace(/"sid":"([^"]+)"/, (_, id: string) => `"sid":"${server.named(id)}"`)
          .replace(/^0\{.*/, "open"),
      );
      if (told.length > 0) server.tell("peer", name, "got", told.join(" "));
    }
  }
  for (const one of peers) if (one?.isOpen === true) await one.leave();
  return server.lines;
}

const options = { cleanupEmptyChildNamespaces: true } as const;
const theirs: MakeServer = (http) => new TheirServer(http, options);
const ours: MakeServer = (http) => new OurServer(http, options) as unknown as TheirServer;

test.skipIf(isControl).each<[string, Open]>([
  ["WebSocket", (port, name) => TracedWebSocket.open(port, name)],
  ["polling", (port, name) => TracedPoller.open(port, name)],
])(
  "SO61 whatever peers do, the same events are raised and the same packets sent as by Socket.IO, over %s",
  async (_, open) => {
    // Its adapter says that nobody hears what servers send each other.
    using _warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const program = comparable([...BEGINNING, ...steps]);
        expect(await trace(ours, open, program)).toEqual(await trace(theirs, open, program));
      }),
      { numRuns: 40, seed: 42 },
    );
  },
  60_000,
);
