// Socket.IO's own packets inside the engine's messages: what is taken, what is answered, and what ends
// the connection. By WebSocket, where one frame is one packet.
import type { RawWebSocket } from "../kit/raw-websocket.ts";
import { matching } from "./answers.ts";
import { type Row, registerRows, webSocketServers } from "./rows.ts";
import type { WebSocketSession, Wire } from "./wire.ts";

type Frames = readonly (string | Uint8Array)[];

const BYTES = Buffer.from([1, 2, 3, 4]);
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Bytes as lists of numbers at any depth, so that rows are plain data. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return [...value];
  if (typeof value === "function") return "ack";
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Sends frames to a joined socket, and tells which events came of them, up to a round trip. */
async function delivered(wire: Wire, frames: Frames): Promise<unknown> {
  const { ws, peer } = await wire.joinedWebSocket();
  ws.send(...frames, '421["ask"]');
  await answered(ws, "431[]");
  return peer.inbox
    .names()
    .filter((name) => name !== "ask")
    .map((name) => [name, ...(plain(peer.inbox.kept(name)[0]) as unknown[])]);
}

async function answered(ws: RawWebSocket, wanted: string): Promise<void> {
  while ((await ws.text()) !== wanted);
}

/** Sends frames to a joined socket, and tells how the connection ended. */
async function ended(wire: Wire, frames: Frames): Promise<unknown> {
  const { ws, peer } = await wire.joinedWebSocket();
  ws.send(...frames);
  const [reason] = await peer.inbox.take("disconnect");
  return [reason, await ws.closeCode()];
}

/** Sends frames to a fresh session that has joined nothing, and returns the next `count` answers. */
async function exchanged(wire: Wire, frames: Frames, count: number): Promise<unknown> {
  const ws = wire.websocket();
  await ws.text();
  ws.send(...frames);
  const answers: string[] = [];
  while (answers.length < count) answers.push(await ws.text());
  return answers;
}

/** Sends frames to a fresh session that has joined nothing, and waits for the close. */
async function closedAtOnce(wire: Wire, frames: Frames): Promise<unknown> {
  const ws = wire.websocket();
  await ws.text();
  ws.send(...frames);
  return await ws.closeCode();
}

const SID = matching(/^40\{"sid":"[\w-]{20}"\}$/);

const taken: readonly Row[] = [
  ["an event", ['42["hello","world"]'], [["hello", "world"]]],
  ["an event without arguments", ['42["hello"]'], [["hello"]]],
  ["a numeric event name", ['42[7,"seven"]'], [["7", "seven"]]],
  ["an event that wants an acknowledgement", ['4213["hello",1]'], [["hello", 1, "ack"]]],
  ["an event of bytes", [`451-["x",${PLACEHOLDER}]`, BYTES], [["x", [1, 2, 3, 4]]]],
  [
    "bytes that are nested",
    [`452-["x",{"a":[${PLACEHOLDER}]},{"_placeholder":true,"num":1}]`, BYTES, Buffer.from([5])],
    [["x", { a: [[1, 2, 3, 4]] }, [5]]],
  ],
  [
    "bytes as base64 in a text frame",
    [`451-["x",${PLACEHOLDER}]`, "bAQIDBA=="],
    [["x", [1, 2, 3, 4]]],
  ],
  [
    "an event called error, by the catch-all and by its own listeners",
    ['42["error","forged"]'],
    [
      ["error", "forged"],
      ["error", "forged"],
    ],
  ],
  ["an acknowledgement nobody waits for", ['43999["x"]'], []],
  ["an acknowledgement of bytes nobody waits for", [`461-999[${PLACEHOLDER}]`, BYTES], []],
  ["spaces in the JSON", ['42 [ "hello" , 1 ]'.replace("42 ", "42")], [["hello", 1]]],
  [
    "__proto__ as a key",
    ['42["x",{"__proto__":{"polluted":true}}]'],
    [["x", JSON.parse('{"__proto__":{"polluted":true}}')]],
  ],
  ["an open packet, which means nothing here", ["0"], []],
].map(([title, frames, events]) => ({
  title: `taken: ${String(title)}`,
  act: (wire) => delivered(wire, frames as Frames),
  expect: events,
}));

const refused: readonly Row[] = [
  ["an unknown type", ["49[]"]],
  ["no type", ["4"]],
  ["JSON that is broken", ['42["x"']],
  ["JSON that is no array", ['42{"x":1}']],
  ["an empty array", ["42[]"]],
  ["a name that is an object", ['42[{"toString":"foo"}]']],
  ["a name that is null", ["42[null]"]],
  ...[
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
  ].map((name) => [`the reserved name ${name}`, [`42["${name}"]`]]),
  ["an acknowledgement that is no array", ['431{"x":1}']],
  ["a DISCONNECT with a payload", ['41{"x":1}']],
  ["a CONNECT whose payload is no object", ['40"token"']],
  ["a CONNECT whose payload is an array", ["40[1]"]],
  ["a CONNECT for the namespace it is in", ["40"]],
  ["a CONNECT_ERROR of the client", ['44{"message":"x"}']],
  ["an event for a namespace not joined", ['42/elsewhere,["x"]']],
  ["an unfinished binary event followed by text", [`451-["x",${PLACEHOLDER}]`, '42["y"]']],
  ["bytes nobody announced", [BYTES]],
  ["too many attachments", [`4511-["x",${PLACEHOLDER}]`]],
  ["a billion attachments", [`451000000000-["x",${PLACEHOLDER}]`]],
  ["no attachments", ['450-["x"]']],
  ["attachments without a dash", ['451["x"]']],
  ["attachments that are no number", ['45x-["x"]']],
  ["negative attachments", ['45-1-["x"]']],
  ["a placeholder out of range", ['451-["x",{"_placeholder":true,"num":1}]', BYTES]],
  ["a placeholder below zero", ['451-["x",{"_placeholder":true,"num":-1}]', BYTES]],
  ["a placeholder that names a method", ['451-["x",{"_placeholder":true,"num":"splice"}]', BYTES]],
].map(([title, frames]) => ({
  title: `ends the connection: ${String(title)}`,
  act: (wire) => ended(wire, frames as Frames),
  expect: ["forced close", 1005],
}));

const fraction: Row = {
  title: "ends the connection: a placeholder between two numbers",
  act: async (wire) => {
    const { ws } = await wire.joinedWebSocket();
    ws.send('451-["x",{"_placeholder":true,"num":0.5}]', BYTES, '421["ask"]');
    return await Promise.race([ws.closeCode(), ws.text()]);
  },
  expect: 1005,
  upstream: { expect: "431[]", reason: "it takes it, and hands out undefined" },
};

const engineGarbage: readonly Row[] = [
  ["an unknown engine packet", ["9"], "parse error"],
  ["an empty frame", [""], "parse error"],
].map(([title, frames, reason]) => ({
  title: `ends the connection: ${String(title)}`,
  act: (wire) => ended(wire, frames as Frames),
  expect: [reason, 1005],
}));

const connecting: readonly Row[] = [
  {
    title: "CONNECT is answered with a socket id",
    act: (wire) => exchanged(wire, ["40"], 1),
    expect: [SID],
  },
  {
    title: "CONNECT with credentials",
    act: async (wire) => [
      await exchanged(wire, ['40{"token":"123"}'], 1),
      (await wire.server.nextPeer()).socket.handshake.auth,
    ],
    expect: [[SID], { token: "123" }],
  },
  {
    title: "CONNECT to another namespace, with and without a comma",
    act: (wire) => {
      wire.server.record("/admin");
      wire.server.record("/other");
      return exchanged(wire, ["40/admin,", "40/other"], 2);
    },
    expect: [
      matching(/^40\/admin,\{"sid":"[\w-]{20}"\}$/),
      matching(/^40\/other,\{"sid":"[\w-]{20}"\}$/),
    ],
  },
  {
    title: "an unknown namespace is refused, the connection stays",
    act: (wire) => exchanged(wire, ["40/random,", "40"], 2),
    expect: ['44/random,{"message":"Invalid namespace"}', SID],
  },
  {
    title: "a middleware refuses with data",
    act: (wire) => {
      wire.server.io.use((_socket, next) =>
        next(Object.assign(new Error("nope"), { data: { code: 7 } })),
      );
      return exchanged(wire, ["40"], 1);
    },
    expect: ['44{"message":"nope","data":{"code":7}}'],
  },
  {
    title: "an event before any CONNECT ends the connection",
    act: (wire) => closedAtOnce(wire, ['42["x"]']),
    expect: 1005,
  },
  {
    title: "a DISCONNECT before any CONNECT ends the connection",
    act: (wire) => closedAtOnce(wire, ["41"]),
    expect: 1005,
  },
  {
    title: "no CONNECT within connectTimeout ends the connection",
    options: { connectTimeout: 50 },
    act: (wire) => closedAtOnce(wire, []),
    expect: 1005,
  },
  {
    title: "two CONNECTs for one namespace before the first is through make one socket",
    act: async (wire) => {
      const passes: (() => void)[] = [];
      wire.server.io.use((_socket, next) => void passes.push(next));
      const ws = wire.websocket();
      await ws.text();
      ws.send("40", "40");
      // Both packets have been read once the answer to a third one is here.
      ws.send("40/none,");
      const third = await Promise.race([ws.text(), ws.closeCode()]);
      for (const pass of passes) pass();
      return { third, asked: passes.length };
    },
    expect: { third: 1005, asked: 1 },
    upstream: {
      expect: { third: '44/none,{"message":"Invalid namespace"}', asked: 2 },
      reason: "it makes two sockets of one client",
    },
  },
  {
    title: "DISCONNECT leaves one namespace, the connection stays",
    act: async (wire) => {
      wire.server.record("/admin");
      const { ws, peer } = await wire.joinedWebSocket();
      ws.send("40/admin,");
      await ws.text();
      ws.send("41", '42/admin,["still"]');
      const admin = await wire.server.nextPeer("/admin");
      return [(await peer.inbox.take("disconnect"))[0], await admin.inbox.take("still")];
    },
    expect: ["client namespace disconnect", []],
  },
];

type Act = (session: WebSocketSession, wire: Wire) => void;

/** What the server writes for something done to the socket: texts as text, lists as binary frames. */
const writes = (title: string, act: Act, frames: readonly (string | number[])[]): Row => ({
  title: `written: ${title}`,
  act: async (wire) => {
    const session = await wire.joinedWebSocket();
    act(session, wire);
    const got: unknown[] = [];
    for (const frame of frames) {
      got.push(
        typeof frame === "string" ? await session.ws.text() : [...(await session.ws.binary())],
      );
    }
    return got;
  },
  expect: frames,
});

const encoded: readonly Row[] = [
  writes("an event", ({ peer }) => peer.socket.emit("hello", "world"), ['42["hello","world"]']),
  writes(
    "an event that wants an acknowledgement",
    ({ peer }) => peer.socket.emit("hello", () => undefined),
    ['420["hello"]'],
  ),
  writes("a broadcast", (_session, { server }) => server.io.emit("hello", { a: [1, null] }), [
    '42["hello",{"a":[1,null]}]',
  ]),
  writes("bytes", ({ peer }) => peer.socket.emit("baz", BYTES), [
    `451-["baz",${PLACEHOLDER}]`,
    [1, 2, 3, 4],
  ]),
  writes("bytes in a broadcast", (_session, { server }) => server.io.emit("baz", { x: BYTES }), [
    `451-["baz",{"x":${PLACEHOLDER}}]`,
    [1, 2, 3, 4],
  ]),
  writes("an acknowledgement", ({ ws }) => ws.send('4215["ask","ok"]'), ['4315["ok"]']),
  writes("an empty acknowledgement", ({ ws }) => ws.send('42456["ask"]'), ["43456[]"]),
  writes(
    "an acknowledgement of bytes",
    ({ ws }) => ws.send(`451-15["ask",${PLACEHOLDER}]`, BYTES),
    [`461-15[${PLACEHOLDER}]`, [1, 2, 3, 4]],
  ),
  writes("DISCONNECT", ({ peer }) => peer.socket.disconnect(), ["41"]),
  {
    title: "written: in a namespace",
    act: async (wire) => {
      wire.server.record("/admin");
      const ws = wire.websocket();
      await ws.text();
      ws.send("40/admin,");
      await ws.text();
      const { socket } = await wire.server.nextPeer("/admin");
      socket.on("bar", (reply: (word: string) => void) => reply("ok"));
      ws.send('42/admin,13["bar"]');
      const acknowledged = await ws.text();
      socket.emit("x", BYTES);
      const event = await ws.text();
      socket.disconnect();
      return [acknowledged, event, await ws.text()];
    },
    expect: ['43/admin,13["ok"]', `451-/admin,["x",${PLACEHOLDER}]`, "41/admin,"],
  },
  {
    title: "written with b64=1: bytes as text",
    act: async (wire) => {
      const ws = wire.websocket("/socket.io/?EIO=4&transport=websocket&b64=1");
      await ws.text();
      ws.send("40");
      await ws.text();
      (await wire.server.nextPeer()).socket.emit("x", BYTES);
      return [await ws.text(), await ws.text()];
    },
    expect: [`451-["x",${PLACEHOLDER}]`, "bAQIDBA=="],
  },
];

registerRows(
  "packets",
  [...taken, ...refused, fraction, ...engineGarbage, ...connecting, ...encoded],
  webSocketServers,
);
