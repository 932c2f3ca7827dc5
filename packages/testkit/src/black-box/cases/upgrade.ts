// From polling to WebSocket: the sequence that must be kept, and what happens when it is not.

import { answerOf, pollAnswer, refusal } from "../answers.ts";
import { type Bench, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import type { WebSocketClient } from "../clients.ts";
import { bytes } from "../plain.ts";
import type { PollingSession } from "../polling-session.ts";

interface Probed {
  readonly session: PollingSession;
  readonly ws: WebSocketClient;
  readonly answer: string;
}

/** A session and a WebSocket that was answered its probe. */
async function probed(bench: Bench): Promise<Probed> {
  const session = await bench.polling();
  const ws = session.candidate();
  await ws.opened();
  ws.send("2probe");
  return { session, ws, answer: await ws.text() };
}

/** A session that has moved to WebSocket, proven by a round trip. */
async function upgraded(bench: Bench): Promise<Probed> {
  const made = await probed(bench);
  made.ws.send("5", '421["ask"]');
  // On a busy machine a ping may come first.
  while ((await made.ws.text()) === "2") made.ws.send("3");
  return made;
}

/** A candidate that is refused: its frames are not accepted, it is closed, and the session goes on by polling. */
async function refusedCandidate(
  bench: Bench,
  ...frames: readonly (string | Uint8Array)[]
): Promise<unknown> {
  const session = await bench.polling();
  const ws = session.candidate();
  await ws.opened();
  ws.send(...frames);
  const code = await ws.closeCode();
  const open = await session.proveOpen();
  const heard = (await bench.heardSoFar(session.id)).filter(([name]) => name !== "ask");
  return [code, open, heard];
}

const refused = (
  id: string,
  title: string,
  ...frames: readonly (string | Uint8Array)[]
): BlackBoxCase => ({
  id,
  title,
  rules: ["EN45"],
  run: (bench) => refusedCandidate(bench, ...frames),
  expected: [1005, "open", []],
});

const cases: readonly BlackBoxCase[] = [
  {
    id: "both-ways",
    title: "2probe, 3probe, 5: then both ways by WebSocket",
    rules: ["EN40"],
    async run(bench) {
      const { session, ws, answer } = await probed(bench);
      ws.send("5", '421["ask","over"]');
      const reply = await ws.text();
      await bench.socket(session.id, ["emit", "down", bytes(1)]);
      const down = [await ws.text(), [...(await ws.binary())]];
      return [answer, reply, down, await bench.socket(session.id, "conn", "transport", "name")];
    },
    expected: [
      "3probe",
      '431["over"]',
      ['451-["down",{"_placeholder":true,"num":0}]', [1]],
      "websocket",
    ],
  },
  {
    id: "held-poll",
    title: "a pending GET is let go with 6 once the probe is answered",
    rules: ["EN41"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      const ws = session.candidate();
      await ws.opened();
      ws.send("2probe");
      const answer = await ws.text();
      return [answer, answerOf(await bench.clients.within(poll.response, "the pending poll"))];
    },
    expected: ["3probe", pollAnswer("6")],
  },
  {
    id: "later-poll",
    title: "a GET sent after the probe was answered is let go too",
    rules: ["EN41"],
    async run(bench) {
      const { session } = await probed(bench);
      return answerOf(await session.poll());
    },
    expected: pollAnswer("6"),
  },
  {
    id: "order",
    title: "what is sent between the probe and 5 arrives once, in order, by WebSocket",
    rules: ["EN42"],
    async run(bench) {
      const { session, ws } = await probed(bench);
      for (let n = 0; n < 5; n++) await bench.socket(session.id, ["emit", "n", n]);
      ws.send("5");
      const got: string[] = [];
      while (got.length < 5) got.push(await ws.text());
      return got;
    },
    expected: [0, 1, 2, 3, 4].map((n) => `42["n",${n}]`),
  },
  {
    id: "post",
    title: "a POST during the probe is taken",
    rules: ["EN42"],
    async run(bench) {
      const { session } = await probed(bench);
      await session.post('42["while probing"]');
      return await bench.heardOf(session.id, "while probing");
    },
    expected: [],
  },
  {
    id: "afterwards",
    title: "afterwards a GET is refused with code 3, and the session is unaffected",
    rules: ["EN48"],
    async run(bench) {
      const { session, ws } = await upgraded(bench);
      const get = answerOf(await session.poll());
      const post = answerOf(await session.post('42["x"]'));
      ws.send('422["ask","still"]');
      return { get, post, reply: await ws.text() };
    },
    expected: {
      get: refusal(3, "Bad request"),
      post: refusal(3, "Bad request"),
      reply: '432["still"]',
    },
  },
  refused("message", "a message instead of the probe closes the candidate only", '42["x"]'),
  {
    id: "no-probe",
    title: "5 without a probe closes the candidate only",
    rules: ["EN45"],
    async run(bench) {
      const session = await bench.polling();
      const ws = session.candidate();
      await ws.opened();
      ws.send("5", '421["ask"]');
      return await Promise.race([ws.closeCode(), ws.text()]);
    },
    expected: 1005,
    control: {
      expected: "431[]",
      reason: "a candidate is not adopted before it has proven to carry both directions",
    },
  },
  refused("ping", "2 without probe closes the candidate only", "2"),
  refused("garbage", "garbage closes the candidate only", "garbage"),
  refused("bytes", "bytes close the candidate only", Uint8Array.of(1, 2)),
  refused("after", "a message after the probe closes the candidate only", "2probe", '42["x"]'),
  {
    id: "left",
    title: "a candidate that goes away after the probe leaves the session on polling",
    rules: ["EN46"],
    async run(bench) {
      const { session, ws } = await probed(bench);
      ws.close();
      await ws.closeCode();
      return await session.proveOpen();
    },
    expected: "open",
  },
  {
    id: "timeout",
    title: "no 5 within upgradeTimeout: the candidate is closed, the session stays",
    rules: ["EN47"],
    options: { upgradeTimeout: 100 },
    async run(bench) {
      const { session, ws } = await probed(bench);
      return [await ws.closeCode(), await session.proveOpen()];
    },
    expected: [1005, "open"],
  },
  {
    id: "second",
    title: "a second candidate while the first probes is closed",
    rules: ["EN43"],
    async run(bench) {
      const { session, ws } = await probed(bench);
      const code = await session.candidate().closeCode();
      ws.send("5", '421["ask","first"]');
      return [code, await ws.text()];
    },
    expected: [1005, '431["first"]'],
  },
  {
    id: "upgraded-before",
    title: "a candidate for a session that was upgraded before is closed",
    rules: ["EN44"],
    async run(bench) {
      const { session, ws } = await upgraded(bench);
      const code = await session.candidate().closeCode();
      ws.send('422["ask","first"]');
      return [code, await ws.text()];
    },
    expected: [1005, '432["first"]'],
  },
  {
    id: "another",
    title: "a candidate after a failed one may succeed",
    rules: ["EN45"],
    async run(bench) {
      const session = await bench.polling();
      const bad = session.candidate();
      await bad.opened();
      bad.send("x");
      await bad.closeCode();
      const good = session.candidate();
      await good.opened();
      good.send("2probe");
      const answer = await good.text();
      good.send("5", '421["ask","good"]');
      return [answer, await good.text()];
    },
    expected: ["3probe", '431["good"]'],
  },
  {
    id: "foreign",
    title: "a candidate for an unknown session is refused",
    rules: ["EN36"],
    run: async (bench) => (await bench.websocket(`${WEBSOCKET}&sid=nobody`).refused()).status,
    expected: 400,
  },
  {
    id: "closed",
    title: "conn.close() between the probe and 5: the session ends for both",
    rules: ["EN50", "EN51"],
    async run(bench) {
      const { session, ws } = await probed(bench);
      const poll = await session.poll();
      ws.send("5");
      await bench.socket(session.id, "conn", ["close"]);
      return [poll.text, await session.reason(), await ws.closeCode()];
    },
    expected: ["6", "forced close", 1005],
  },
  {
    id: "heartbeat",
    title: "the heartbeat does not wait for the end of a probe",
    rules: ["EN49"],
    options: { pingInterval: 100, pingTimeout: 100 },
    async run(bench) {
      const { session, ws } = await probed(bench);
      return [await session.reason(), await ws.closeCode()];
    },
    expected: ["ping timeout", 1005],
  },
  {
    id: "heartbeat-after",
    title: "the heartbeat goes on over the new transport",
    rules: ["EN49"],
    options: { pingInterval: 100, pingTimeout: 1000 },
    async run(bench) {
      const { ws } = await upgraded(bench);
      const first = await ws.text();
      ws.send("3");
      return [first, await ws.text()];
    },
    expected: ["2", "2"],
  },
];

export const upgrade: Chapter = { feature: "upgrade", cases };
