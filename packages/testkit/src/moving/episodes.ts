// Short stories in which something waits while a connection is moved. Steps by chance alone seldom make one.

import type { SeededRandom } from "../seeded-random.ts";
import type { ClientAct, ServerAct, Step } from "./steps.ts";

/** What happens in a story: something that the client does, something that the server does, or a move. */
type Act = { readonly client: ClientAct } | { readonly server: ServerAct } | "move";

function emit(event: readonly unknown[], frames = 9, asks = false): Act {
  return { client: { act: "emit", nsp: "/", event, asks, frames } };
}

function act(name: "continue" | "read" | "stop reading" | "mute" | "unmute" | "cut"): Act {
  return { client: { act: name } };
}

function told(room: string): Act {
  return { server: { act: "broadcast", nsp: "/", room } };
}

const join: Act = { client: { act: "join", nsp: "/" } };

function answer(which: "oldest" | "newest" | "again"): Act {
  return { client: { act: "answer", which } };
}

function stories(random: SeededRandom, client: number): readonly (readonly Act[])[] {
  const served = (name: "ask" | "tell" | "tell if writable" | "dismiss"): Act => ({
    server: { act: name, client, nsp: "/", size: random.below(9) },
  });
  const big: Act = { server: { act: "tell", client, nsp: "/", size: 600 } };
  const bytes = Uint8Array.of(random.below(256));
  const back: Act = { client: { act: "connect", form: "websocket", recovers: true } };
  return [
    [act("stop reading"), served("tell"), "move", served("tell"), "move", act("read")],
    [emit(["echo", bytes, bytes], 1), "move", act("continue"), "move", act("continue")],
    [emit(["cursor", bytes], 1), "move", act("continue")],
    [
      served("ask"),
      "move",
      served("ask"),
      answer("newest"),
      answer("oldest"),
      "move",
      answer("again"),
    ],
    [emit(["keep", { bytes: 1 }]), "move", emit(["kept"], 9, true)],
    [emit(["enter", "hall"]), "move", told("hall"), emit(["exit", "board"]), "move", told("board")],
    [act("stop reading"), served("dismiss"), "move", emit(["late"]), act("read"), join],
    [act("mute"), "move", "move", act("unmute")],
    [
      emit(["exit", "hall"]),
      act("stop reading"),
      told("hall"),
      emit(["enter", "hall"]),
      told("hall"),
      "move",
      act("cut"),
      told("hall"),
      back,
      join,
    ],
    [told("board"), "move", act("cut"), told("board"), back, join, emit(["kept"], 9, true)],
    [
      act("stop reading"),
      "move",
      served("tell if writable"),
      act("read"),
      served("tell if writable"),
    ],
    [back, "move", join],
    [
      act("stop reading"),
      ...[big, big, big, big].flatMap((each) => [each, "move" as const]),
      act("read"),
    ],
  ];
}

/** A story of one client, as steps. */
export function episodeOf(random: SeededRandom, client: number): readonly Step[] {
  const all = stories(random, client);
  const story = all[random.below(all.length)] ?? [];
  return story.map((each): Step => {
    const rounds = random.once(6) ? random.below(4) : 0;
    if (each === "move") return { kind: "move", client, rounds };
    if ("server" in each) return { kind: "server", rounds, does: each.server };
    return { kind: "client", client, rounds, does: each.client };
  });
}
