// The end of a session, begun by either side: what is seen on the wire, and the reason that the socket is given.

import { answerOf, pollAnswer, postOk, refusal } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import { type PollingSession, RS } from "../polling-session.ts";

/**
 * The packets up to the close, and those of the last body. The close must not share a body with messages: Socket.IO's
 * client passes messages on a moment later than it acts upon a close.
 */
async function untilClose(session: PollingSession, first: string): Promise<unknown> {
  const packets: string[] = [];
  let last = first.split(RS);
  for (;;) {
    packets.push(...last);
    if (last.at(-1) === "1") return { packets, last };
    last = (await session.poll()).text.split(RS);
  }
}

/** A poll that comes after the close is answered with a noop and the close. */
const closed = (messages: readonly string[]): unknown => ({
  packets: [...messages, "6", "1"],
  last: ["6", "1"],
});

/** A session over polling that is in `/` and in `/side`. */
async function inTwo(bench: Bench): Promise<PollingSession> {
  await bench.record("/side");
  const session = await bench.polling();
  await session.post("40/side,");
  await session.poll();
  return session;
}

const byTheServer: readonly BlackBoxCase[] = [
  {
    id: "poll",
    title: "by the server, with a pending GET",
    rules: ["EN70"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      await bench.socket(session.id, "conn", ["close"]);
      return {
        poll: answerOf(await bench.clients.within(poll.response, "the pending poll")),
        reason: await session.reason(),
        next: answerOf(await session.poll()),
      };
    },
    expected: {
      poll: pollAnswer("1"),
      reason: "forced close",
      next: refusal(1, "Session ID unknown"),
    },
  },
  {
    id: "no-poll",
    title: "by the server, without one: the next GET is told",
    rules: ["EN70", "EN71"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, "conn", ["close"]);
      return {
        sent: await untilClose(session, (await session.poll()).text),
        reason: await session.reason(),
      };
    },
    expected: { sent: closed([]), reason: "forced close" },
  },
  {
    id: "last-words",
    title: "by the server, after what was still to be sent",
    rules: ["EN71"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["emit", "last words"]);
      await bench.socket(session.id, "conn", ["close"]);
      return {
        sent: await untilClose(session, (await session.poll()).text),
        reason: await session.reason(),
      };
    },
    expected: { sent: closed(['42["last words"]']), reason: "forced close" },
  },
  {
    id: "websocket",
    title:
      "by the server, by WebSocket: a close frame without a code, after what was still to be sent",
    rules: ["EN72"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["emit", "last words"]);
      await bench.socket(id, "conn", ["close"]);
      return [await ws.text(), await ws.closeCode(), await bench.reason(id)];
    },
    expected: ['42["last words"]', 1005, "forced close"],
  },
  {
    id: "disconnect-poll",
    title: "disconnect(true) of the server, by polling: every namespace is told before the close",
    rules: ["SO48"],
    async run(bench) {
      const session = await inTwo(bench);
      const poll = await session.heldPoll();
      await bench.socket(session.id, ["disconnect", true]);
      const first = (await bench.clients.within(poll.response, "the pending poll")).text;
      return { sent: await untilClose(session, first), reason: await session.reason() };
    },
    expected: { sent: closed(["41", "41/side,"]), reason: "server namespace disconnect" },
  },
  {
    id: "disconnect-no-poll",
    title: "disconnect(true) of the server, by polling, without a pending GET",
    rules: ["SO48"],
    async run(bench) {
      const session = await inTwo(bench);
      await bench.socket(session.id, ["disconnect", true]);
      return {
        sent: await untilClose(session, (await session.poll()).text),
        reason: await session.reason(),
      };
    },
    expected: { sent: closed(["41", "41/side,"]), reason: "server namespace disconnect" },
  },
  {
    id: "disconnect-websocket",
    title: "disconnect(true) of the server, by WebSocket",
    rules: ["SO48"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["disconnect", true]);
      return [await ws.text(), await ws.closeCode(), await bench.reason(id)];
    },
    expected: ["41", 1005, "server namespace disconnect"],
  },
  {
    id: "disconnect",
    title: "disconnect() of the server leaves the connection open",
    rules: ["SO47"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["disconnect"]);
      const told = await ws.text();
      ws.send("40");
      return [told, (await ws.text()).slice(0, 3), await bench.reason(id)];
    },
    expected: ["41", "40{", "server namespace disconnect"],
  },
  {
    id: "disconnect-sockets",
    title: "disconnectSockets of the server ends those on either transport",
    rules: ["SO44"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      const session = await bench.polling();
      const poll = await session.heldPoll();
      await bench.call("io", ["disconnectSockets"]);
      const polled = await bench.clients.within(poll.response, "the pending poll");
      return [await ws.text(), polled.text, await bench.reason(id), await session.reason()];
    },
    expected: ["41", "41", "server namespace disconnect", "server namespace disconnect"],
  },
  {
    id: "server-websocket",
    title: "io.close(), by WebSocket",
    rules: ["NH11"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.call("io", ["close"]);
      return [await ws.closeCode(), await bench.reason(id)];
    },
    expected: [1005, "server shutting down"],
  },
  {
    id: "server-polling",
    title: "io.close(), by polling with a pending GET",
    rules: ["NH11", "EN79"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      const ended = bench.call("io", ["close"]);
      const { text } = await bench.clients.within(poll.response, "the pending poll");
      await ended;
      return [text, await session.reason()];
    },
    expected: ["1", "server shutting down"],
  },
];

const byTheClient: readonly BlackBoxCase[] = [
  {
    id: "client-polling",
    title: "by the client, by polling: the packet 1",
    rules: ["EN20"],
    async run(bench) {
      const session = await bench.polling();
      return {
        post: answerOf(await session.post("1")),
        reason: await session.reason(),
        next: answerOf(await session.poll()),
      };
    },
    expected: { post: postOk, reason: "transport close", next: refusal(1, "Session ID unknown") },
  },
  {
    id: "client-websocket",
    title: "by the client, by WebSocket: a close frame",
    rules: ["EN74", "WS13"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.close();
      return [await ws.closeCode(), await bench.reason(id)];
    },
    expected: [1005, "transport close"],
  },
  {
    id: "client-lost",
    title: "the client's WebSocket breaks off",
    rules: ["EN74", "WS16"],
    needs: ["TCP resets"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.terminate();
      return await bench.reason(id);
    },
    expected: "transport close",
  },
  {
    id: "client-packet",
    title: "the packet 1 by WebSocket",
    rules: ["EN74"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send("1", '421["ask"]');
      const seen = await Promise.race([ws.closeCode(), ws.text()]);
      const heard = await bench.heardSoFar(id);
      return [seen, heard.filter(([name]) => name === "disconnect")];
    },
    expected: [1005, [["disconnect", "transport close"]]],
    control: { expected: ["431[]", []], reason: "it ignores the packet; no client sends it" },
  },
  {
    id: "client-namespace",
    title: "by the client, one namespace",
    rules: ["SO49", "SO50"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send("41");
      return [(await bench.heardOf(id, "disconnecting"))[0], await bench.reason(id)];
    },
    expected: ["client namespace disconnect", "client namespace disconnect"],
  },
];

export const closing: Chapter = { feature: "closing", cases: [...byTheServer, ...byTheClient] };
