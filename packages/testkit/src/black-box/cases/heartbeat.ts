// The heartbeat: the server asks, the client answers, and silence ends the session.

import { answerOf, pollAnswer } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const QUICK = { pingInterval: 100, pingTimeout: 300 } as const;
const PATIENT = { pingInterval: 60, pingTimeout: 2000 } as const;

/** Sends two packets in the wait for a pong; resolves to how many of them extended it. */
/** So long that a busy machine is not late by half of the time between two packets. */
const EXTENDED = { pingInterval: 250, pingTimeout: 1000 };

async function extensions(bench: Bench): Promise<unknown> {
  const other = await bench.joined();
  const { ws, id } = await bench.joined();
  await ws.text();
  const { now } = bench.clients;
  // The pings of another session are the clock: twice a packet about 500 ms after the last thing.
  const times = [now()];
  for (let n = 0; n < 4; n++) {
    await other.ws.text();
    other.ws.send("3");
    if (n % 2 === 0) continue;
    ws.send('42["not a pong"]');
    times.push(now());
  }
  const ended = ws.closeCode().then(() => now() - EXTENDED.pingTimeout);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await other.ws.text();
    other.ws.send("3");
  }
  await bench.reason(id);
  const last = await ended;
  // The wait has been counted from the ping, the first packet or the second: the nearest of them.
  const distances = times.map((time) => Math.abs(last - time));
  return `extended ${distances.indexOf(Math.min(...distances))} times`;
}

const cases: readonly BlackBoxCase[] = [
  {
    id: "websocket",
    title: "the server pings by WebSocket, again after each pong",
    rules: ["EN60"],
    options: PATIENT,
    async run(bench) {
      const { ws } = await bench.joined();
      const got: string[] = [];
      while (got.length < 3) {
        got.push(await ws.text());
        ws.send("3");
      }
      return got;
    },
    expected: ["2", "2", "2"],
  },
  {
    id: "polling",
    title: "the server pings by polling, in the pending GET",
    rules: ["EN60"],
    options: PATIENT,
    async run(bench) {
      const session = await bench.polling();
      const first = answerOf(await session.poll());
      await session.post("3");
      return [first, answerOf(await session.poll())];
    },
    expected: [pollAnswer("2"), pollAnswer("2")],
  },
  {
    id: "once",
    title: "no second ping before the pong",
    rules: ["EN60"],
    options: PATIENT,
    async run(bench) {
      const { ws, id } = await bench.joined();
      await ws.text();
      // Longer than an interval, shown by the pings of another session passing by.
      const other = await bench.joined();
      for (let n = 0; n < 3; n++) {
        await other.ws.text();
        other.ws.send("3");
      }
      ws.send('421["ask"]');
      return [await ws.text(), await bench.socket(id, "connected")];
    },
    expected: ["431[]", true],
  },
  {
    id: "timeout-websocket",
    title: "no pong within pingTimeout by WebSocket: ping timeout",
    rules: ["EN61"],
    options: QUICK,
    async run(bench) {
      const { ws, id } = await bench.joined();
      const reason = await bench.reason(id);
      return [await ws.text(), reason, await ws.closeCode()];
    },
    expected: ["2", "ping timeout", 1005],
  },
  {
    id: "timeout-polling",
    title: "no pong within pingTimeout by polling: ping timeout, the pending GET is let go",
    rules: ["EN61"],
    options: QUICK,
    async run(bench) {
      const session = await bench.polling();
      const ping = answerOf(await session.poll());
      const pending = session.beginPoll();
      const reason = await session.reason();
      const { status, text } = await bench.clients.within(pending.response, "the pending poll");
      return { ping, reason, pending: [status, text] };
    },
    expected: { ping: pollAnswer("2"), reason: "ping timeout", pending: [200, "1"] },
  },
  {
    id: "never-fetched",
    title: "a session that is never fetched again ends too",
    rules: ["EN61"],
    options: QUICK,
    run: async (bench) => (await bench.polling()).reason(),
    expected: "ping timeout",
  },
  {
    id: "not-early",
    title: "the end does not come before its time",
    rules: ["EN61"],
    options: QUICK,
    async run(bench) {
      const before = bench.clients.now();
      const { id } = await bench.joined();
      await bench.reason(id);
      return bench.clients.now() - before >= 399;
    },
    expected: true,
  },
  {
    id: "extended",
    title: "another packet during the wait extends it, once",
    rules: ["EN62"],
    options: EXTENDED,
    run: extensions,
    expected: "extended 1 times",
  },
  {
    id: "wrong-way",
    title: "a ping of the client goes the wrong way: the session ends",
    rules: ["EN63"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send("2");
      return [await bench.reason(id), await ws.closeCode()];
    },
    expected: ["transport error", 1005],
  },
  {
    id: "wrong-way-polling",
    title: "a ping of the client by polling, likewise",
    rules: ["EN63"],
    async run(bench) {
      const session = await bench.polling();
      await session.post("2").catch(() => undefined);
      return await session.reason();
    },
    expected: "transport error",
  },
  {
    id: "unasked",
    title: "a pong nobody asked for is harmless",
    rules: ["EN64"],
    async run(bench) {
      const { ws } = await bench.joined();
      ws.send("3", '421["ask"]');
      return await ws.text();
    },
    expected: "431[]",
  },
];

export const heartbeat: Chapter = { feature: "heartbeat", cases };
