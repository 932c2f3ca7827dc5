// Messages between servers, as values: each member is right, or of another type, or missing.

import type { SeededRandom } from "../../packages/testkit/src/seeded-random.ts";
import { NAMES } from "./grammar.ts";

const STRANGE = [
  null,
  undefined,
  0,
  -1,
  1e20,
  "",
  "x",
  true,
  [],
  {},
  [null],
  { rooms: 5 },
] as const;

/** A member that is right most often. */
export function mostly<T>(random: SeededRandom, right: T): unknown {
  return random.once(7) ? random.pick(STRANGE) : right;
}

/** Values as applications send them. */
export function valuesOf(random: SeededRandom): unknown[] {
  const values = [
    random.pick(NAMES),
    random.below(9),
    random.once(4) ? new Uint8Array(3) : null,
    {},
  ];
  return values.slice(0, random.below(5));
}

function targetOf(random: SeededRandom): unknown {
  const target: Record<string, unknown> = {};
  if (random.once(2)) target["rooms"] = mostly(random, [mostly(random, "a"), random.pick(NAMES)]);
  if (random.once(3)) target["except"] = mostly(random, [mostly(random, "b")]);
  return mostly(random, target);
}

function flagsOf(random: SeededRandom): unknown {
  return mostly(random, { volatile: random.once(2), timeout: mostly(random, 10), compress: false });
}

function intentOf(random: SeededRandom): object {
  const target = targetOf(random);
  const kind = mostly(
    random,
    random.pick(["event", "join", "leave", "server event", "gap", "disconnect"]),
  );
  return {
    kind: kind === "disconnect" && !random.once(20) ? "event" : kind,
    target,
    change: mostly(random, [mostly(random, "c")]),
    flags: random.once(2) ? undefined : flagsOf(random),
    codec: random.once(2) ? undefined : mostly(random, "json"),
    mark: random.once(4) ? mostly(random, "x") : undefined,
    missed: mostly(random, 1),
    close: mostly(random, false),
  };
}

function requestOf(random: SeededRandom): object {
  return {
    kind: mostly(random, random.pick(["ask", "fetch", "server event", "evict"])),
    target: targetOf(random),
    flags: random.once(2) ? undefined : flagsOf(random),
    wait: mostly(random, 10),
    ids: mostly(random, true),
    pid: mostly(random, "p"),
    after: random.once(4)
      ? mostly(random, { epoch: "memory1", offset: mostly(random, 1) })
      : undefined,
  };
}

function answerOf(random: SeededRandom): object {
  return {
    kind: mostly(random, random.pick(["count", "ack", "sockets", "result", "unknown"])),
    count: mostly(random, 1),
    more: mostly(random, true),
    part: mostly(random, 0),
    parts: mostly(random, 2),
  };
}

/** The header of one of our messages. */
export function messageHeader(random: SeededRandom): object {
  const kind = random.pick([
    ...([
      "hello",
      "beat",
      "bye",
      "do",
      "do",
      "do",
      "request",
      "request",
      "welcome",
      "channel",
    ] as const),
    ...(["channel to one", "session", "answer", "other"] as const),
  ]);
  return {
    from: mostly(random, random.pick(["two", "three", "__proto__"])),
    kind,
    seq: mostly(random, random.below(1000)),
    nsp: mostly(random, random.pick(["/", "/side", "/none"])),
    id: mostly(random, random.below(4)),
    ...(kind === "do" && { intent: mostly(random, intentOf(random)) }),
    ...(kind === "request" && { request: mostly(random, requestOf(random)) }),
    ...(kind === "answer" && { answer: mostly(random, answerOf(random)) }),
    codec: mostly(random, "json"),
    version: mostly(random, 1),
    last: mostly(random, random.below(1000)),
    channel: mostly(random, "x"),
    message: mostly(random, { op: mostly(random, "request"), id: mostly(random, 1) }),
  };
}

/** A message of Socket.IO's cluster adapter. */
export function compatibleMessage(random: SeededRandom): unknown {
  return mostly(random, {
    uid: mostly(random, random.pick(["two", "emitter", "three"])),
    nsp: mostly(random, "/"),
    type: mostly(random, random.below(16)),
    data: mostly(random, {
      requestId: random.once(2) ? undefined : mostly(random, "x-1"),
      opts: optionsOf(random),
      rooms: mostly(random, ["a", mostly(random, "b")]),
      close: mostly(random, false),
      packet: mostly(
        random,
        random.once(2) ? valuesOf(random) : { type: 2, data: mostly(random, valuesOf(random)) },
      ),
      sockets: mostly(random, [mostly(random, { id: "x" })]),
      clientCount: mostly(random, 1),
    }),
  });
}

function optionsOf(random: SeededRandom): unknown {
  return mostly(random, {
    rooms: mostly(random, random.once(2) ? ["a"] : []),
    except: mostly(random, []),
    flags: flagsOf(random),
  });
}

/** A message of Socket.IO's adapter for Redis, and the beginning of the channel it comes by. */
export function classicMessage(random: SeededRandom): {
  readonly kind: string;
  readonly message: unknown;
} {
  const kind = random.pick(["k#", "k-request", "k-response"]);
  if (kind === "k#") {
    const packet = mostly(random, {
      type: 2,
      data: mostly(random, valuesOf(random)),
      nsp: mostly(random, "/"),
    });
    return { kind, message: mostly(random, [mostly(random, "two"), packet, optionsOf(random)]) };
  }
  const message = mostly(random, {
    uid: mostly(random, "two"),
    requestId: mostly(random, "x-1"),
    type: mostly(random, random.below(11)),
    opts: random.once(4) ? undefined : optionsOf(random),
    rooms: mostly(random, ["a", mostly(random, "b")]),
    close: mostly(random, false),
    packet: mostly(random, { type: 2, data: mostly(random, valuesOf(random)) }),
    data: mostly(random, valuesOf(random)),
    sockets: mostly(random, [mostly(random, { id: "x" })]),
    clientCount: mostly(random, 1),
  });
  return { kind, message };
}
