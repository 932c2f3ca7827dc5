// Conversations of three clients with a server, made from a seed: what each side does, and when. The same seed makes the same
// conversation. Does not know how any of it is done.

import { SeededRandom } from "../seeded-random.ts";
import { episodeOf } from "./episodes.ts";
import {
  CLIENTS,
  type ClientAct,
  type Conversation,
  type Form,
  type ServerAct,
  type Setting,
  type Step,
} from "./steps.ts";

const ROOMS = ["board", "hall"] as const;
const NAMESPACES = ["/", "/", "/", "/chat", "/made-1", "/slow", "/nowhere"] as const;
const FORMS: readonly [Form, ...Form[]] = [
  ...(["websocket", "websocket", "websocket", "polling", "polling"] as const),
  ...(["websocket in base64", "polling in base64", "jsonp"] as const),
  ...(["websocket of revision 3", "polling of revision 3"] as const),
];
const BAD = [
  "",
  "9",
  "4",
  "47[]",
  "42",
  '42["connect"]',
  '42/else,["a"]',
  '451-["a"',
  "1",
  "5",
  "bAA",
  "6",
] as const;
const SETTINGS: readonly [Setting["codec"], ...Setting["codec"][]] = [
  ...(["json", "json", "json", "msgpack", "parser of others"] as const),
];

function eventOf(random: SeededRandom): readonly unknown[] {
  const room = random.pick(ROOMS);
  const bytes = (): Uint8Array =>
    Uint8Array.from({ length: random.below(4) }, () => random.below(256));
  const number = random.below(1000);
  switch (random.below(12)) {
    case 0:
      return ["enter", room];
    case 1:
      return ["exit", room];
    case 2:
      return ["say", room, `s${number}`];
    case 3:
      return ["shout", number];
    case 4:
      return ["keep", { number }];
    case 5:
      return ["kept"];
    case 6:
      return ["cursor", number, bytes()];
    case 7:
      return ["cursor", bytes(), { more: bytes() }];
    case 8:
      return ["echo", bytes(), number, { bytes: bytes() }];
    case 9:
      return ["echo", [bytes(), bytes(), bytes()]];
    case 10:
      return number < 100 ? ["quit"] : ["echo", -0, "end"];
    default:
      return ["echo", `e${number}`];
  }
}

function clientAct(random: SeededRandom): ClientAct {
  const nsp = random.pick(NAMESPACES);
  const dice = random.below(100);
  if (dice < 6) return { act: "connect", form: random.pick(FORMS), recovers: random.once(2) };
  if (dice < 20) return { act: "join", nsp };
  if (dice < 22) return { act: "leave", nsp };
  if (dice < 58) {
    const frames = random.once(2) ? 1 + random.below(2) : 9;
    return { act: "emit", nsp, event: eventOf(random), asks: random.once(4), frames };
  }
  if (dice < 66) return { act: "continue" };
  if (dice < 74) {
    return { act: "answer", which: random.pick(["oldest", "newest", "again", "unknown"]) };
  }
  if (dice < 77) return { act: "beat" };
  if (dice < 81) return { act: random.pick(["stop reading", "mute"]) };
  if (dice < 87) return { act: random.pick(["read", "unmute"]) };
  if (dice < 95) return { act: random.pick(["offer", "probe", "probe", "upgrade", "upgrade"]) };
  if (dice < 96) return { act: "frame", frame: random.pick(BAD) };
  if (dice < 98) return { act: random.pick(["abort", "post in part", "close", "cut"]) };
  return { act: "connect", form: random.pick(FORMS), recovers: true };
}

function serverAct(random: SeededRandom): ServerAct {
  const nsp = random.pick(["/", "/", "/chat", "/made-1"]);
  const dice = random.below(20);
  if (dice < 7) {
    const room = random.once(3) ? null : random.pick(ROOMS);
    return { act: "broadcast", nsp, room };
  }
  const client = random.below(CLIENTS);
  const size = random.once(12) ? 600 : random.below(9);
  if (dice < 12) return { act: "tell", client, nsp, size };
  if (dice < 14) return { act: "tell if writable", client, nsp, size };
  if (dice < 19) return { act: "ask", client, nsp, size };
  return { act: random.pick(["dismiss", "close"]), client, nsp, size };
}

function stepOf(random: SeededRandom): Step {
  const client = random.below(CLIENTS);
  const rounds = random.once(5) ? random.below(5) : 0;
  const dice = random.below(10);
  if (dice < 3) return { kind: "move", client, rounds: 0 };
  if (dice < 5) return { kind: "server", rounds, does: serverAct(random) };
  return { kind: "client", client, rounds, does: clientAct(random) };
}

/** The conversation of a seed. It begins with clients that connect and join, and ends with questions about what is kept. */
export function conversationOf(seed: number, length = 70): Conversation {
  const random = new SeededRandom(Math.imul(seed, 0x9e3779b1));
  const codec = random.pick(SETTINGS);
  const setting: Setting = {
    codec,
    recovery: random.once(2),
    servers: random.pick(["one", "two", "one after the other"]),
  };
  const steps: Step[] = [];
  const each = (does: (client: number) => ClientAct): void => {
    for (let client = 0; client < CLIENTS; client++) {
      steps.push({ kind: "client", client, rounds: 0, does: does(client) });
    }
  };
  each(() => ({ act: "connect", form: random.pick(FORMS), recovers: false }));
  each(() => ({ act: "join", nsp: "/" }));
  each(() => ({ act: "emit", nsp: "/", event: ["enter", "board"], asks: false, frames: 9 }));
  while (steps.length < length) {
    if (random.once(5)) steps.push(...episodeOf(random, random.below(CLIENTS)));
    else steps.push(stepOf(random));
  }
  const settled = ["read", "unmute", "continue", "continue", "continue"] as const;
  for (const act of settled) each(() => ({ act }));
  for (const nsp of ["/", "/chat", "/made-1"]) {
    for (let client = 0; client < CLIENTS; client++)
      steps.push({ kind: "move", client, rounds: 0 });
    each(() => ({ act: "emit", nsp, event: ["kept"], asks: true, frames: 9 }));
    for (const room of [...ROOMS, null]) {
      steps.push({ kind: "server", rounds: 0, does: { act: "broadcast", nsp, room } });
    }
  }
  each(() => ({ act: "cut" }));
  steps.push({ kind: "server", rounds: 0, does: { act: "broadcast", nsp: "/", room: "board" } });
  each(() => ({ act: "connect", form: "websocket", recovers: true }));
  each(() => ({ act: "join", nsp: "/" }));
  each(() => ({ act: "emit", nsp: "/", event: ["kept"], asks: true, frames: 9 }));
  return { seed, setting, steps };
}
