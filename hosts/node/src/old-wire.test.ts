// Revision 3 on the wire: the same bytes sent to our server and to Socket.IO's get the same bytes back.

import { createServer } from "node:http";
import { Server as TheirServer } from "socket.io";
import { expect, test } from "vitest";
import { countOld, type OldPacket, oldBody, oldFrame } from "../test/old-body.ts";
import { listen, RunningServer, startServer } from "../test/running-server.ts";
import { type Answer, ask, WirePeer } from "../test/wire.ts";
import { Server as OurServer } from "./index.ts";

type ServerClass = new (http: unknown, options: object) => RunningServer["io"];

const POLLING = "/socket.io/?EIO=3&transport=polling";
const WEBSOCKET = "/socket.io/?EIO=3&transport=websocket";

/** A server that says much, so that there is something to compare. */
async function talkative(Class: ServerClass): Promise<RunningServer> {
  const http = createServer();
  const io = new Class(http, { allowEIO3: true });
  io.on("connection", (socket) => {
    socket.on("echo", (...args: unknown[]) => socket.emit("echo", ...args));
    socket.on("ask", (...args: unknown[]) => (args.pop() as (...a: unknown[]) => void)(...args));
    socket.on("put me out", () => socket.disconnect());
    socket.on("question", () =>
      socket.emit("question", 1, (answer: unknown) => socket.emit("answered", answer)),
    );
  });
  const admin = io.of("/admin");
  admin.use((socket, next) => {
    const { why } = socket.handshake.auth;
    if (why === undefined) next();
    else next(Object.assign(new Error("no"), { data: JSON.parse(String(why)) as unknown }));
  });
  admin.on("connection", (socket) => {
    const { auth } = socket.handshake;
    socket.emit("auth", JSON.stringify(auth), Object.getPrototypeOf(auth) === null);
  });
  await listen(http);
  return new RunningServer(io, http);
}

/** What is sent, and how many packets come back. */
type Script = readonly (readonly [send: readonly OldPacket[], answers: number])[];

const ATTACHED = '451-["echo",{"_placeholder":true,"num":0}]';

const SCRIPT: Script = [
  [['42["echo","h\u00e9 \u20ac \u{1f600} \u2028 \\n\\\\n"]'], 1],
  [['42["echo",1]', '42["echo",2]'], 2],
  [['427["ask",1,"a"]'], 1],
  [["40/admin"], 2],
  [["41/admin", '42["echo","left"]'], 1],
  [["40/admin?token=1&b=2&a=x%20y+z&b=3&__proto__=4,"], 2],
  [["41/admin", '42["echo","left"]'], 1],
  [["40/admin?why=null"], 1],
  [["40/admin?why=0"], 1],
  [['40/admin?why="text"'], 1],
  [['40/admin?why={"code":7}'], 1],
  [["40/nowhere"], 1],
  [["40/nowhere?a=1,"], 1],
  [["2"], 1],
  [["2probe"], 1],
  [[ATTACHED, "b4AQID"], 2],
  [['42["question"]'], 1],
  [['430["yes"]'], 1],
];

const BYTES: Script = [
  [[ATTACHED, Buffer.from([1, 2])], 2],
  [
    [
      '452-["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
      Buffer.from([]),
      Buffer.from([9]),
    ],
    3,
  ],
  [[ATTACHED, Buffer.alloc(300, 7), '42["echo","text behind"]'], 3],
];

const OWN: Readonly<Record<string, unknown>> = { agent: false };

function isBinary({ headers }: Answer): boolean {
  return headers["content-type"] === "application/octet-stream";
}

/** The bodies that answer each step, joined, over polling. */
async function overPolling(server: RunningServer, script: Script, more = ""): Promise<string[]> {
  const transcript: string[] = [];
  const path = `${POLLING}${more}`;
  const read = async (query: string, count: number): Promise<void> => {
    const bodies: string[] = [];
    for (let left = count; left > 0; ) {
      const answer = await ask(server.port, `${path}${query}`, OWN);
      const body = isBinary(answer) ? answer.body : answer.text;
      left -= countOld(body);
      bodies.push(isBinary(answer) ? answer.body.toString("hex") : answer.text);
    }
    transcript.push(bodies.join(""));
  };
  const opened = await ask(server.port, path, OWN);
  const sid = /"sid":"([^"]+)/.exec(opened.text)?.[1] ?? "";
  transcript.push(opened.text.replace(sid, "SID").replace("2:40", ""));
  // The answer to the implicit CONNECT comes with the handshake, or just after it.
  if (!opened.text.endsWith("2:40")) await ask(server.port, `${path}&sid=${sid}`, OWN);
  for (const [frames, answers] of script) {
    const body = oldBody(frames);
    const headers = typeof body === "string" ? {} : { "content-type": "application/octet-stream" };
    const posted = await ask(server.port, `${path}&sid=${sid}`, { method: "POST", headers, body });
    transcript.push(`${posted.status} ${posted.text}`);
    await read(`&sid=${sid}`, answers);
  }
  return transcript;
}

async function overWebSocket(server: RunningServer, script: Script, more = ""): Promise<string[]> {
  const peer = new WirePeer(server.port, `${WEBSOCKET}${more}`);
  const show = (frame: OldPacket): string =>
    typeof frame === "string" ? frame : Buffer.from(frame).toString("hex");
  const transcript = [show(await peer.next()).replace(/"sid":"[^"]+/, ""), show(await peer.next())];
  for (const [frames, answers] of script) {
    for (const frame of frames) peer.send(oldFrame(frame));
    for (let left = answers; left > 0; left--) transcript.push(show(await peer.next()));
  }
  peer.close();
  return transcript;
}

const WAYS: readonly [string, typeof overPolling, string][] = [
  ["polling", overPolling, ""],
  ["polling without bytes", overPolling, "&b64=1"],
  ["websocket", overWebSocket, ""],
  ["websocket without bytes", overWebSocket, "&b64=1"],
];

test.each(WAYS)(
  "LE6 over %s every answer is byte for byte that of Socket.IO",
  async (_name, run, more) => {
    await using theirs = await talkative(TheirServer as unknown as ServerClass);
    await using ours = await talkative(OurServer as unknown as ServerClass);
    for (const script of [SCRIPT, BYTES]) {
      expect(await run(ours, script, more)).toEqual(await run(theirs, script, more));
    }
  },
);

test("LE7 revision 3 must be allowed", async () => {
  await using server = await startServer();
  for (const query of ["EIO=3&transport=polling", "transport=polling", "EIO=5&transport=polling"]) {
    const { status, text } = await ask(server.port, `/socket.io/?${query}`);
    expect([status, text]).toEqual([400, '{"code":5,"message":"Unsupported protocol version"}']);
  }
});

test("LE7 a session keeps the revision that it began with", async () => {
  await using server = await startServer({ allowEIO3: true });
  const contexts: unknown[] = [];
  server.io.engine.on("connection_error", ({ context }: { context: unknown }) =>
    contexts.push(context),
  );
  for (const [first, second] of [
    ["3", "4"],
    ["4", "3"],
  ]) {
    const path = (revision: string): string => `/socket.io/?EIO=${revision}&transport=polling`;
    const sid = /"sid":"([^"]+)/.exec((await ask(server.port, path(String(first)))).text)?.[1];
    const wrong = await ask(server.port, `${path(String(second))}&sid=${sid}`);
    expect([wrong.status, wrong.text]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    const socket = new WirePeer(
      server.port,
      `/socket.io/?EIO=${second}&transport=websocket&sid=${sid}`,
    );
    await socket.closed;
    expect(contexts.splice(0)).toEqual(
      Array(2).fill(expect.objectContaining({ name: "PROTOCOL_MISMATCH" })),
    );
  }
});

const BREACHES: readonly [string, OldPacket, string][] = [
  ["a second CONNECT", "40", "forced close"],
  ["an event for a namespace not joined", '42/x,["a"]', "forced close"],
  ["a broken packet", "4x", "forced close"],
  ["a frame of no type", "x", "parse error"],
  ["bytes of no type", Buffer.from([9, 1]), "parse error"],
  ["bytes that no packet waits for", Buffer.from([4, 1]), "forced close"],
  ["broken base64", "b4!!!", "parse error"],
  ["a pong", "3", "transport error"],
];

test.each(BREACHES)("LE8 %s ends the connection", async (_name, frame, reason) => {
  await using server = await startServer({ allowEIO3: true });
  const joined = server.joined();
  const peer = await WirePeer.open(server.port, WEBSOCKET);
  const socket = await joined;
  const left = new Promise((resolve) => socket.on("disconnect", resolve));
  peer.send(frame);
  expect(await left).toBe(reason);
  await peer.closed;
});
