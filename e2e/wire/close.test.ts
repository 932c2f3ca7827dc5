// The end of a session, begun by either side: what is seen on the wire, and the reason the socket is told.

import { within } from "../kit/deadline.ts";
import { answerOf } from "../kit/raw-http.ts";
import { pollAnswer, postOk, refusal } from "./answers.ts";
import { type PollingSession, RS } from "./polling-session.ts";
import { type Row, registerRows, webSocketServers } from "./rows.ts";
import type { Wire } from "./wire.ts";

/** A session with a GET known to have reached the server. */
async function withPendingPoll(wire: Wire) {
  const session = await wire.polling();
  const poll = session.beginPoll();
  await session.post('42["the poll is here"]');
  await session.peer.inbox.take("the poll is here");
  return { session, poll };
}

/**
 * The packets up to the close, and those of the last body. The close must not share a body with messages:
 * Socket.IO's client hands messages on a moment later than it acts upon a close.
 */
async function untilClose(
  session: PollingSession,
  first: string,
): Promise<{ readonly packets: string[]; readonly last: string[] }> {
  const packets: string[] = [];
  let last = first.split(RS);
  for (;;) {
    packets.push(...last);
    if (last.at(-1) === "1") return { packets, last };
    last = (await session.poll()).text.split(RS);
  }
}

const told = (messages: readonly string[]): unknown => ({
  packets: [...messages, "1"],
  last: ["1"],
});
const toldUpstream = (messages: readonly string[]): unknown => ({
  packets: [...messages, "6", "1"],
  last: ["6", "1"],
});

const NOOP_FIRST = "it lets a GET go with 6 before it is told to close";

const rows: readonly Row[] = [
  {
    title: "by the server, with a pending GET",
    act: async (wire) => {
      const { session, poll } = await withPendingPoll(wire);
      session.peer.socket.conn.close();
      return {
        poll: answerOf(await within(poll.response, "the pending poll")),
        reason: await session.closeReason(),
        next: answerOf(await session.poll()),
      };
    },
    expect: {
      poll: pollAnswer("1"),
      reason: "forced close",
      next: refusal(1, "Session ID unknown"),
    },
  },
  {
    title: "by the server, without one: the next GET is told",
    act: async (wire) => {
      const session = await wire.polling();
      session.peer.socket.conn.close();
      return { poll: answerOf(await session.poll()), reason: await session.closeReason() };
    },
    expect: { poll: pollAnswer("1"), reason: "forced close" },
    upstream: {
      expect: { poll: pollAnswer(`6${RS}1`), reason: "forced close" },
      reason: NOOP_FIRST,
    },
  },
  {
    title: "by the server, after what was still to be sent",
    act: async (wire) => {
      const session = await wire.polling();
      session.peer.socket.emit("last words");
      session.peer.socket.conn.close();
      return {
        sent: await untilClose(session, (await session.poll()).text),
        reason: await session.closeReason(),
      };
    },
    expect: { sent: told(['42["last words"]']), reason: "forced close" },
    upstream: {
      expect: { sent: toldUpstream(['42["last words"]']), reason: "forced close" },
      reason: NOOP_FIRST,
    },
  },
  {
    title:
      "by the server, by WebSocket: a close frame without a code, after what was still to be sent",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      peer.socket.emit("last words");
      peer.socket.conn.close();
      return [await ws.text(), await ws.closeCode(), (await peer.inbox.take("disconnect"))[0]];
    },
    expect: ['42["last words"]', 1005, "forced close"],
  },
  {
    title: "disconnect(true) of the server, by polling: every namespace is told before the close",
    act: async (wire) => {
      wire.server.record("/side");
      const session = await wire.polling();
      await session.post("40/side,");
      await session.poll();
      const poll = session.beginPoll();
      await session.post('42["the poll is here"]');
      await session.peer.inbox.take("the poll is here");
      session.peer.socket.disconnect(true);
      const first = (await within(poll.response, "the pending poll")).text;
      return { sent: await untilClose(session, first), reason: await session.closeReason() };
    },
    expect: { sent: told(["41", "41/side,"]), reason: "server namespace disconnect" },
    upstream: {
      expect: { sent: toldUpstream(["41", "41/side,"]), reason: "server namespace disconnect" },
      reason: NOOP_FIRST,
    },
  },
  {
    title: "disconnect(true) of the server, by polling, without a pending GET",
    act: async (wire) => {
      wire.server.record("/side");
      const session = await wire.polling();
      await session.post("40/side,");
      await session.poll();
      session.peer.socket.disconnect(true);
      return {
        sent: await untilClose(session, (await session.poll()).text),
        reason: await session.closeReason(),
      };
    },
    expect: { sent: told(["41", "41/side,"]), reason: "server namespace disconnect" },
    upstream: {
      expect: { sent: toldUpstream(["41", "41/side,"]), reason: "server namespace disconnect" },
      reason: NOOP_FIRST,
    },
  },
  {
    title: "disconnect(true) of the server, by WebSocket",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      peer.socket.disconnect(true);
      return [await ws.text(), await ws.closeCode(), (await peer.inbox.take("disconnect"))[0]];
    },
    expect: ["41", 1005, "server namespace disconnect"],
  },
  {
    title: "io.close(), by WebSocket",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      await wire.server.io.close();
      return [await ws.closeCode(), (await peer.inbox.take("disconnect"))[0]];
    },
    expect: [1005, "server shutting down"],
  },
  {
    title: "by the client, by polling: the packet 1",
    act: async (wire) => {
      const session = await wire.polling();
      return {
        post: answerOf(await session.post("1")),
        reason: await session.closeReason(),
        next: answerOf(await session.poll()),
      };
    },
    expect: { post: postOk, reason: "transport close", next: refusal(1, "Session ID unknown") },
  },
  {
    title: "by the client, by WebSocket: a close frame",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.close();
      return [await ws.closeCode(), (await peer.inbox.take("disconnect"))[0]];
    },
    expect: [1005, "transport close"],
  },
  {
    title: "the client's WebSocket breaks off",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.terminate();
      return (await peer.inbox.take("disconnect"))[0];
    },
    expect: "transport close",
  },
  {
    title: "the packet 1 by WebSocket",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.send("1", '421["ask"]');
      return [await Promise.race([ws.closeCode(), ws.text()]), peer.inbox.kept("disconnect")];
    },
    expect: [1005, [["transport close"]]],
    upstream: { expect: ["431[]", []], reason: "it ignores the packet; no client sends it" },
  },
  {
    title: "a WebSocket message over maxHttpBufferSize: code 1009",
    options: { maxHttpBufferSize: 1000 },
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.send("4".padEnd(1001, "x"));
      return [await ws.closeCode(), (await peer.inbox.take("disconnect"))[0]];
    },
    expect: [1009, "transport error"],
  },
  {
    title: "a WebSocket message of exactly maxHttpBufferSize is taken",
    options: { maxHttpBufferSize: 1000 },
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.send(`42["fits","${"x".repeat(1000 - 13)}"]`);
      return String((await peer.inbox.take("fits"))[0]).length;
    },
    expect: 987,
  },
];

registerRows("close", rows, webSocketServers);
