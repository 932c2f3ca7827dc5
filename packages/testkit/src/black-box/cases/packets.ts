// Socket.IO's packets inside messages: what is accepted, what is answered, and what ends the connection. Over
// WebSocket, where one frame is one packet.

import { withoutIds } from "../answers.ts";
import { type Bench, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import type { WebSocketClient } from "../clients.ts";
import type { Step } from "../commands.ts";
import { bytes, callback, type Plain } from "../plain.ts";

type Frames = readonly (string | Uint8Array)[];

const BYTES = Uint8Array.of(1, 2, 3, 4);
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Sends frames to a joined socket; resolves to the events that came of them, up to a round trip. */
async function delivered(bench: Bench, frames: Frames): Promise<unknown> {
  const { ws, id } = await bench.joined();
  ws.send(...frames, '421["ask"]');
  await answered(ws, "431[]");
  return (await bench.heardSoFar(id)).filter(([name]) => name !== "ask");
}

async function answered(ws: WebSocketClient, wanted: string): Promise<void> {
  while ((await ws.text()) !== wanted);
}

/** Sends frames to a fresh session that has joined nothing; resolves to the next answers. */
async function exchanged(bench: Bench, frames: Frames, count: number): Promise<unknown> {
  const ws = bench.websocket();
  await ws.text();
  ws.send(...frames);
  const answers: string[] = [];
  while (answers.length < count) answers.push(withoutIds(await ws.text()));
  return answers;
}

/** Sends frames to a fresh session that has joined nothing; resolves to the close code. */
async function closedAtOnce(bench: Bench, frames: Frames): Promise<unknown> {
  const ws = bench.websocket();
  await ws.text();
  ws.send(...frames);
  return await ws.closeCode();
}

const taken: readonly BlackBoxCase[] = (
  [
    ["event", "an event", ['42["hello","world"]'], [["hello", "world"]]],
    ["no-arguments", "an event without arguments", ['42["hello"]'], [["hello"]]],
    ["number", "a numeric event name", ['42[7,"seven"]'], [["7", "seven"]]],
    [
      "acknowledged",
      "an event that wants an acknowledgement",
      ['4213["hello",1]'],
      [["hello", 1, "function"]],
    ],
    ["bytes", "an event of bytes", [`451-["x",${PLACEHOLDER}]`, BYTES], [["x", bytes(1, 2, 3, 4)]]],
    [
      "nested-bytes",
      "bytes that are nested",
      [`452-["x",{"a":[${PLACEHOLDER}]},{"_placeholder":true,"num":1}]`, BYTES, Uint8Array.of(5)],
      [["x", { a: [bytes(1, 2, 3, 4)] }, bytes(5)]],
    ],
    [
      "base64",
      "bytes as base64 in a text frame",
      [`451-["x",${PLACEHOLDER}]`, "bAQIDBA=="],
      [["x", bytes(1, 2, 3, 4)]],
    ],
    [
      "error",
      "an event called error, by the catch-all and by its own listeners",
      ['42["error","forged"]'],
      [
        ["error", "forged"],
        ["error", "forged"],
      ],
    ],
    ["unasked", "an acknowledgement nobody waits for", ['43999["x"]'], []],
    [
      "unasked-bytes",
      "an acknowledgement of bytes nobody waits for",
      [`461-999[${PLACEHOLDER}]`, BYTES],
      [],
    ],
    ["spaces", "spaces in the JSON", ['42[ "hello" , 1 ]'], [["hello", 1]]],
    [
      "proto",
      "__proto__ as a key",
      ['42["x",{"__proto__":{"polluted":true}}]'],
      [["x", JSON.parse('{"__proto__":{"polluted":true}}')]],
    ],
    ["unicode", "text beyond the basic plane", ['42["x","é🙂"]'], [["x", "é🙂"]]],
    ["open", "an open packet, which means nothing here", ["0"], []],
    ["noop", "a noop, which means nothing here", ["6"], []],
  ] as const
).map(([id, title, frames, expected]) => ({
  id: `accepted-${id}`,
  title: `taken: ${title}`,
  rules: ["PR10", "PR21"],
  run: (bench) => delivered(bench, frames),
  expected,
}));

/** What the server writes for something that the application does: texts, and bytes as lists. */
const writes = (
  id: string,
  title: string,
  {
    steps,
    frames,
    sent,
  }: { steps?: readonly Step[]; frames: readonly (string | number[])[]; sent?: Frames },
): BlackBoxCase => ({
  id: `written-${id}`,
  title: `written: ${title}`,
  rules: ["PR18", "SO17"],
  async run(bench) {
    const session = await bench.joined();
    if (steps !== undefined) await bench.socket(session.id, ...steps);
    if (sent !== undefined) session.ws.send(...sent);
    const got: unknown[] = [];
    for (const frame of frames) {
      got.push(
        typeof frame === "string" ? await session.ws.text() : [...(await session.ws.binary())],
      );
    }
    return got;
  },
  expected: frames,
});

const emit = (name: string, ...args: Plain[]): readonly Step[] => [["emit", name, ...args]];
const WITH_BYTES = [`451-["baz",${PLACEHOLDER}]`, [1, 2, 3, 4]];

const encoded: readonly BlackBoxCase[] = [
  writes("event", "an event", { steps: emit("hello", "world"), frames: ['42["hello","world"]'] }),
  writes("question", "an event that wants an acknowledgement", {
    steps: emit("hello", callback("answer")),
    frames: ['420["hello"]'],
  }),
  writes("broadcast", "a broadcast", {
    steps: ["nsp", ["emit", "hello", { a: [1, null] }]],
    frames: ['42["hello",{"a":[1,null]}]'],
  }),
  writes("bytes", "bytes", { steps: emit("baz", bytes(1, 2, 3, 4)), frames: WITH_BYTES }),
  writes("broadcast-bytes", "bytes in a broadcast", {
    steps: ["nsp", ["emit", "baz", { x: bytes(1, 2, 3, 4) }]],
    frames: [`451-["baz",{"x":${PLACEHOLDER}}]`, [1, 2, 3, 4]],
  }),
  writes("answer", "an acknowledgement", { sent: ['4215["ask","ok"]'], frames: ['4315["ok"]'] }),
  writes("empty-answer", "an empty acknowledgement", {
    sent: ['42456["ask"]'],
    frames: ["43456[]"],
  }),
  writes("bytes-answer", "an acknowledgement of bytes", {
    sent: [`451-15["ask",${PLACEHOLDER}]`, BYTES],
    frames: [`461-15[${PLACEHOLDER}]`, [1, 2, 3, 4]],
  }),
  writes("disconnect", "DISCONNECT", { steps: [["disconnect"]], frames: ["41"] }),
  {
    id: "written-namespace",
    title: "written: in a namespace",
    rules: ["PR10", "PR11"],
    async run(bench) {
      await bench.record("/admin");
      const { ws, id } = await bench.joined("40/admin,");
      ws.send('42/admin,13["ask","ok"]');
      const acknowledged = await ws.text();
      await bench.socket(id, ["emit", "x", bytes(1, 2, 3, 4)]);
      const event = await ws.text();
      await bench.socket(id, ["disconnect"]);
      return [acknowledged, event, await ws.text()];
    },
    expected: ['43/admin,13["ok"]', `451-/admin,["x",${PLACEHOLDER}]`, "41/admin,"],
  },
  {
    id: "written-b64",
    title: "written with b64=1: bytes as text",
    rules: ["EN93"],
    async run(bench) {
      const { ws, id } = await bench.joined("40", `${WEBSOCKET}&b64=1`);
      await bench.socket(id, ["emit", "x", bytes(1, 2, 3, 4)]);
      return [await ws.text(), await ws.text()];
    },
    expected: [`451-["x",${PLACEHOLDER}]`, "bAQIDBA=="],
  },
];

const connecting: readonly BlackBoxCase[] = [
  {
    id: "connect",
    title: "CONNECT is answered with a socket id",
    rules: ["PR14", "SO4"],
    run: (bench) => exchanged(bench, ["40"], 1),
    expected: ['40{"sid":"SID"}'],
  },
  {
    id: "unknown-namespace",
    title: "an unknown namespace is refused, the connection stays",
    rules: ["SO3"],
    run: (bench) => exchanged(bench, ["40/random,", "40"], 2),
    expected: ['44/random,{"message":"Invalid namespace"}', '40{"sid":"SID"}'],
  },
  {
    id: "event-first",
    title: "an event before any CONNECT ends the connection",
    rules: ["SO53"],
    run: (bench) => closedAtOnce(bench, ['42["x"]']),
    expected: 1005,
  },
  {
    id: "disconnect-first",
    title: "a DISCONNECT before any CONNECT ends the connection",
    rules: ["SO53"],
    run: (bench) => closedAtOnce(bench, ["41"]),
    expected: 1005,
  },
];

export const packets: Chapter = {
  feature: "packets",
  cases: [...taken, ...encoded, ...connecting],
};
