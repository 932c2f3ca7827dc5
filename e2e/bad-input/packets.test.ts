// Packets made to crash, confuse or exhaust whoever decodes them: each ends its own connection with a
// reason, or does nothing at all.
import { expect } from "vitest";
import { fetchRaw } from "../kit/raw-http.ts";
import { type Arena, type Attack, registerAttacks } from "./arena.ts";

type Frames = readonly (string | Uint8Array)[];

const BYTES = Buffer.from([1, 2, 3, 4]);

/** Sends frames on a connection of their own: the reason of its end on the server, and the close code. */
async function closedBy(arena: Arena, frames: Frames): Promise<unknown> {
  const { ws, id } = await arena.joined();
  using socket = ws;
  socket.send(...frames);
  const code = await socket.closeCode();
  return [await arena.reasonFor(id), code];
}

/** Sends frames and a question: the answer, or the close code, whichever comes. */
async function outcomeOf(arena: Arena, frames: Frames): Promise<unknown> {
  const { ws } = await arena.joined();
  using socket = ws;
  socket.send(...frames, '4277["ask","after"]');
  const answer = (async () => {
    let text = await socket.text();
    while (!text.startsWith("4377")) text = await socket.text();
    return text;
  })();
  return await Promise.race([socket.closeCode(), answer]);
}

const SURVIVED = '4377["after"]';

const closing = (title: string, ...frames: Frames): Attack => ({
  title,
  act: (arena) => closedBy(arena, frames),
  expect: ["forced close", 1005],
});
const harmless = (title: string, ...frames: Frames): Attack => ({
  title,
  act: (arena) => outcomeOf(arena, frames),
  expect: SURVIVED,
});

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const nestedObject = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const decoding: readonly Attack[] = [
  closing("a billion attachments announced", '451000000-["x"]'),
  closing("more attachments than any number", `45${"9".repeat(400)}-["x"]`),
  closing("no attachments announced (450)", '450-["x"]'),
  closing("a stray binary frame", BYTES),
  closing("the placeholder splice", '451-["x",{"_placeholder":true,"num":"splice"}]', BYTES),
  closing("the placeholder length", '451-["x",{"_placeholder":true,"num":"length"}]', BYTES),
  closing("the placeholder __proto__", '451-["x",{"_placeholder":true,"num":"__proto__"}]', BYTES),
  closing("a placeholder out of range", '451-["x",{"_placeholder":true,"num":99}]', BYTES),
  closing("a placeholder below zero", '451-["x",{"_placeholder":true,"num":-1}]', BYTES),
  closing("an event name with a broken toString", '42[{"toString":"foo"}]'),
  closing("an event name that is an object", '42[{"a":1}]'),
  closing("an event name that is an array", '42[["x"]]'),
  closing("an event name that is true", "42[true]"),
  closing("broken JSON", '42["x",'),
  closing("JSON that goes on after its end", '42["x"]]'),
  closing("a number JSON does not know", '42["x",NaN]'),
  closing("an empty array", "42[]"),
  closing("a string for an array", '42"x"'),
  closing("a type above all types", '47["x"]'),
  closing("a letter for a type", '4x["x"]'),
  closing("a reserved event", '42["disconnect","forged"]'),
  closing("a CONNECT with a string", '40"x"'),
  closing("a namespace nobody joined", '42/nobody,["x"]'),
  closing("a namespace called __proto__", '42/__proto__,["x"]'),
  harmless("an event called error", '42["error"]'),
  harmless("an event called error with an argument", '42["error",{"message":"forged"}]'),
  harmless(
    "events called like members of every object",
    '42["__proto__"]',
    '42["constructor"]',
    '42["hasOwnProperty",1]',
    '42["toString"]',
  ),
  harmless("an acknowledgement out of the blue", "43123456789[]"),
  harmless("a second open packet", "0{}"),
  harmless(
    "a CONNECT to a namespace called like a member of every object",
    "40/__proto__,",
    "40/constructor,",
  ),
  harmless(
    "keys called __proto__",
    '42["x",{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]',
  ),
  harmless("a thousand levels of arrays", `42["x",${nested(1000)}]`),
  harmless("a thousand levels of objects", `42["x",${nestedObject(1000)}]`),
  harmless(
    "seventy thousand keys",
    `42["x",{${Array.from({ length: 70_000 }, (_, n) => `"k${n}":0`).join(",")}}]`,
  ),
  harmless("a long number", `42["x",${"1".repeat(100_000)}]`),
  harmless("a listing of escapes", `42["x","${"\\u0000".repeat(50_000)}"]`),
];

const strict: readonly Attack[] = [
  {
    title: "b and broken base64 where an attachment is due",
    act: (arena) =>
      outcomeOf(arena, ['451-["x",{"_placeholder":true,"num":0}]', "b!!!not base64!!!"]),
    expect: 1005,
    upstream: { expect: SURVIVED, reason: "it takes what is left of it for bytes" },
  },
  {
    title: "an acknowledgement with an id no counter reaches",
    act: (arena) => outcomeOf(arena, ['43999999999999999999["x"]']),
    expect: 1005,
    upstream: { expect: SURVIVED, reason: "it takes any digits" },
  },
  ...[nested(10_000), nestedObject(10_000)].map((data, at) => ({
    title: `ten thousand levels of ${at === 0 ? "arrays" : "objects"}`,
    act: (arena: Arena) => outcomeOf(arena, [`42["x",${data}]`]),
    expect: 1005,
    upstream: { expect: SURVIVED, reason: "it ends when it sends them again" },
  })),
  {
    title: "ten thousand levels around a placeholder end the connection or arrive",
    act: (arena) =>
      outcomeOf(arena, [
        `451-["x",${'{"a":'.repeat(10_000)}{"_placeholder":true,"num":0}${"}".repeat(10_000)}]`,
        BYTES,
      ]),
    expect: expect.toSatisfy((outcome) => outcome === 1005 || outcome === SURVIVED),
  },
];

/** Posts a body to a session of its own, and fetches until the session is gone: the status of the POST. */
async function endedByPost(arena: Arena, body: string | Uint8Array): Promise<unknown> {
  const path = await arena.pollingPath();
  const status = await fetchRaw(arena.port, {
    method: "POST",
    path,
    body,
    headers: { "content-type": "text/plain;charset=UTF-8" },
  }).then(
    (response) => response.status,
    () => "cut",
  );
  let next = await fetchRaw(arena.port, { path });
  while (next.status === 200) next = await fetchRaw(arena.port, { path });
  return [status, next.text];
}

const GONE = [
  expect.toSatisfy((status) => status === 200 || status === 400 || status === "cut"),
  '{"code":1,"message":"Session ID unknown"}',
];
const endsSession = (title: string, body: string | Uint8Array): Attack => ({
  title,
  act: (arena) => endedByPost(arena, body),
  expect: GONE,
});

const bodies: readonly Attack[] = [
  endsSession("a POST of nothing", ""),
  endsSession("a POST of separators only", "\u001e".repeat(1000)),
  endsSession("a POST of text", "hello world"),
  endsSession(
    "a POST of random bytes",
    Buffer.from(Array.from({ length: 2000 }, (_, n) => (n * 7919) % 256)),
  ),
  endsSession(
    "a POST of bytes that are no UTF-8",
    Buffer.from([0x34, 0x32, 0x5b, 0xff, 0xfe, 0xc0, 0xaf, 0x5d]),
  ),
  endsSession("a POST of a ping", "2"),
  endsSession("a POST of an unknown event packet", "4[[["),
  endsSession("a POST of revision 3 framing", '12:42["hello"]'),
  {
    title: "a POST of half a million packets is read in time",
    act: async (arena) => {
      const path = await arena.pollingPath();
      const response = await fetchRaw(arena.port, {
        method: "POST",
        path,
        body: Array(450_000).fill("3").join("\u001e"),
      });
      return response.status;
    },
    expect: 200,
  },
  {
    title: "a POST of base64 that is none arrives as some bytes or ends the session",
    act: async (arena) => {
      const path = await arena.pollingPath();
      const { status } = await fetchRaw(arena.port, {
        method: "POST",
        path,
        body: '451-["x",{"_placeholder":true,"num":0}]\u001eb%%%',
      });
      return status;
    },
    expect: 200,
  },
];

registerAttacks("bad packets by WebSocket", [...decoding, ...strict]);
registerAttacks("bad bodies by polling", bodies);
