// Clients of Engine.IO 3, and polling by scripts.

import { answerOf, refusal } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import { bytes } from "../plain.ts";

const ALLOWED = { allowEIO3: true } as const;
const POLLING_3 = "/socket.io/?EIO=3&transport=polling&b64=1";
const WEBSOCKET_3 = "/socket.io/?EIO=3&transport=websocket";

/** A WebSocket of revision 3, which is in `/` without asking; resolves with its socket's id. */
async function opened(bench: Bench) {
  const ws = bench.websocket(WEBSOCKET_3);
  const open = await ws.text();
  const connect = await ws.text();
  const [id] = await bench.heard("connection /");
  return { ws, open, connect, id: String(id) };
}

/** The packets of a body of revision 3. */
function packetsOf(body: string): string[] {
  const packets: string[] = [];
  for (let at = 0; at < body.length; ) {
    const colon = body.indexOf(":", at);
    const end = colon + 1 + Number(body.slice(at, colon));
    packets.push(body.slice(colon + 1, end));
    at = end;
  }
  return packets;
}

const body = (packet: string): string => `${packet.length}:${packet}`;

const revision: readonly BlackBoxCase[] = [
  {
    id: "off",
    title: "revision 3 must be allowed",
    rules: ["LE7", "EN35"],
    run: async (bench) => answerOf(await bench.fetch({ path: POLLING_3 })),
    expected: refusal(5, "Unsupported protocol version"),
  },
  {
    id: "websocket",
    title: "events and acknowledgements over WebSocket",
    rules: ["LE1", "EN90"],
    options: ALLOWED,
    async run(bench) {
      const { ws, open, connect, id } = await opened(bench);
      ws.send('421["ask","a"]');
      const answer = await ws.text();
      await bench.socket(id, ["emit", "down", "é"]);
      return [open[0], connect, answer, await ws.text()];
    },
    expected: ["0", "40", '431["a"]', '42["down","é"]'],
  },
  {
    id: "websocket-bytes",
    title: "bytes over WebSocket have a type byte before them",
    rules: ["LE1", "PR52"],
    options: ALLOWED,
    async run(bench) {
      const { ws, id } = await opened(bench);
      ws.send('451-["up",{"_placeholder":true,"num":0}]', Uint8Array.of(4, 1, 2));
      const up = await bench.heardOf(id, "up");
      await bench.socket(id, ["emit", "down", bytes(7)]);
      return [up, await ws.text(), [...(await ws.binary())]];
    },
    expected: [[bytes(1, 2)], '451-["down",{"_placeholder":true,"num":0}]', [4, 7]],
  },
  {
    id: "polling",
    title: "events over polling: lengths before packets",
    rules: ["LE1", "PR50"],
    options: ALLOWED,
    async run(bench) {
      const session = await bench.handshake(POLLING_3);
      const [id] = await bench.heard("connection /");
      const post = await session.post(body('421["ask","é🙂"]'));
      const packets: string[] = [];
      while (!packets.at(-1)?.startsWith("431"))
        packets.push(...packetsOf((await session.poll()).text));
      await bench.socket(String(id), ["emit", "x", bytes(1, 2, 3, 4)]);
      return [post.text, packets.at(-1), packetsOf((await session.poll()).text)];
    },
    expected: ["ok", '431["é🙂"]', ['451-["x",{"_placeholder":true,"num":0}]', "b4AQIDBA=="]],
  },
  {
    id: "heartbeat",
    title: "the client pings and the server answers",
    rules: ["LE5", "EN91"],
    options: { ...ALLOWED, pingInterval: 100, pingTimeout: 100 },
    async run(bench) {
      const { ws, id } = await opened(bench);
      const before = bench.clients.now();
      const answers: string[] = [];
      while (answers.length < 2) {
        ws.send("2");
        answers.push(await ws.text());
      }
      const reason = await bench.reason(id);
      return [answers, reason, bench.clients.now() - before >= 199];
    },
    expected: [["3", "3"], "ping timeout", true],
  },
  {
    id: "upgrade",
    title: "an upgrade from polling",
    rules: ["LE1", "EN40"],
    options: ALLOWED,
    async run(bench) {
      const session = await bench.handshake(POLLING_3);
      await bench.heard("connection /");
      const ws = session.candidate();
      await ws.opened();
      ws.send("2probe");
      const probe = await ws.text();
      ws.send("5", '421["ask","over"]');
      let answer = await ws.text();
      // The answer to the implicit CONNECT may not have left over polling.
      if (answer === "40") answer = await ws.text();
      return [probe, answer];
    },
    expected: ["3probe", '431["over"]'],
  },
  {
    id: "beside",
    title: "clients of both revisions are sent the same broadcast",
    rules: ["LE2"],
    options: ALLOWED,
    async run(bench) {
      const older = await opened(bench);
      const newer = await bench.joined();
      await bench.call("io", ["emit", "x", 1]);
      return [await older.ws.text(), await newer.ws.text()];
    },
    expected: ['42["x",1]', '42["x",1]'],
  },
];

/** What a script gives to its callback; JSON reads the text of a script here. */
function given(script: string): string {
  const text = /^___eio\[0\]\((".*")\);$/s.exec(script)?.[1];
  if (text === undefined) throw new Error(`no script: ${script}`);
  return JSON.parse(text) as string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

const scripts: readonly BlackBoxCase[] = [
  {
    id: "handshake",
    title: "a poll is answered by a script",
    rules: ["LE10", "EN92"],
    async run(bench) {
      const { status, headers, text } = await bench.fetch({
        path: "/socket.io/?EIO=4&transport=polling&j=0",
      });
      return [status, headers["content-type"], given(text)[0]];
    },
    expected: [200, "text/plain; charset=UTF-8", "0"],
  },
  {
    id: "form",
    title: "messages come as a form, and go as a script",
    rules: ["LE11", "LE12", "EN92"],
    async run(bench) {
      const { text } = await bench.fetch({ path: "/socket.io/?EIO=4&transport=polling&j=0" });
      const sid = (JSON.parse(given(text).slice(1)) as { sid: string }).sid;
      const path = `/socket.io/?EIO=4&transport=polling&j=0&sid=${sid}`;
      const post = (packet: string) =>
        bench.fetch({
          method: "POST",
          path,
          headers: FORM,
          body: `d=${encodeURIComponent(packet)}`,
        });
      await post("40");
      const welcome = given((await bench.fetch({ path })).text);
      const posted = await post('421["ask","é🙂 \\"&=%+\u2028"]');
      const answer = given((await bench.fetch({ path })).text);
      await bench.call("io", ["emit", "x", bytes(1, 2, 3, 4)]);
      return [welcome.slice(0, 3), posted.text, answer, given((await bench.fetch({ path })).text)];
    },
    expected: [
      "40{",
      "ok",
      '431["é🙂 \\"&=%+\u2028"]',
      '451-["x",{"_placeholder":true,"num":0}]\u001ebAQIDBA==',
    ],
  },
  {
    id: "empty-form",
    title: "a form without d is answered and ignored",
    rules: ["LE13"],
    async run(bench) {
      const { text } = await bench.fetch({ path: "/socket.io/?EIO=4&transport=polling&j=0" });
      const sid = (JSON.parse(given(text).slice(1)) as { sid: string }).sid;
      const path = `/socket.io/?EIO=4&transport=polling&j=0&sid=${sid}`;
      const { status, text: answer } = await bench.fetch({
        method: "POST",
        path,
        headers: FORM,
        body: "e=1",
      });
      return [status, answer];
    },
    expected: [200, "ok"],
  },
];

export const revision3: Chapter = { feature: "revision 3", cases: revision };
export const jsonp: Chapter = { feature: "JSONP", cases: scripts };
