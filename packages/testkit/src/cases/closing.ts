// How connections end, the fate of queued frames, and limits on the write buffer of a client that does not read.

import { SharedMessage } from "@sockeye/engine";
import { holds, same } from "../claims.ts";
import {
  dialCandidate,
  type EngineCase,
  openPolling,
  openWebSocket,
  pollingPeer,
} from "./context.ts";

const NO_CODE = 1005;
const TOO_BIG = 1009;

export const closingCases: readonly EngineCase[] = [
  {
    id: "EN70",
    title: "closing answers a held poll with a close packet",
    async run(context) {
      const { poll, session, sid } = await openPolling(context);
      const held = poll();
      await context.settle();
      session.connection.close();
      same((await held.answer).body, "1");
      same((await session.closed).reason, "forced close");
      holds(!context.engine.connections.has(sid), "the session is forgotten");
    },
  },
  {
    id: "EN71",
    title: "what is queued leaves first and alone; the next poll brings the close packet",
    async run(context) {
      const { poll, session } = await openPolling(context);
      const held = poll();
      await context.settle();
      session.connection.send("a");
      session.connection.close();
      same((await held.answer).body, "4a");
      same(session.isClosed, false);
      same((await poll().answer).body, "6\u001e1");
      same((await session.closed).reason, "forced close");
    },
  },
  {
    id: "EN71",
    title: "without a poll, closing waits for the next one",
    async run(context) {
      const { poll, post, session, sid } = await openPolling(context);
      session.connection.send("a");
      session.connection.close();
      same([session.isClosed, session.connection.readyState], [false, "closing"]);
      same(session.connection.send("late"), "closed", "outcome of a late message");
      same((await post("4unheard").answer).status, 200);
      same((await poll().answer).body, "4a");
      same((await poll().answer).body, "6\u001e1");
      same((await session.closed).reason, "forced close");
      same([session.messages.unread, context.engine.connections.has(sid)], [[], false]);
    },
  },
  {
    id: "EN71",
    title: "a peer that says that it leaves need not fetch the rest",
    async run(context) {
      const { post, session } = await openPolling(context);
      session.connection.send("a");
      session.connection.close();
      same((await post("4unheard\u001e1").answer).status, 200);
      same(await session.closed, { reason: "transport close" });
      same(session.messages.unread, []);
    },
  },
  {
    id: "EN71",
    title: "a peer that does not fetch the end is cut after half a minute",
    needs: "controlled time",
    options: { pingInterval: 60_000 },
    async run(context) {
      const { poll, session } = await openPolling(context);
      session.connection.close();
      await context.elapse(29_990);
      same(session.isClosed, false);
      await context.elapse(10);
      same((await session.closed).reason, "forced close");
      same((await poll().answer).status, 400);
    },
  },
  {
    id: "EN71",
    title: "the half minute begins when nothing else is left to fetch",
    needs: "controlled time",
    options: { pingInterval: 60_000 },
    async run(context) {
      const { poll, session } = await openPolling(context);
      session.connection.send("a");
      session.connection.close();
      await context.elapse(40_000);
      same(session.isClosed, false);
      same((await poll().answer).body, "4a");
      await context.elapse(29_900);
      same(session.isClosed, false);
      await context.elapse(100);
      same((await session.closed).reason, "forced close");
    },
  },
  ...(["a", null] as const).map(
    (queued): EngineCase => ({
      id: "EN65",
      title: `a peer that has vanished is noticed while its session is closing, with ${queued === null ? "nothing" : "something"} queued`,
      needs: "controlled time",
      options: { pingInterval: 10_000, pingTimeout: 5000 },
      async run(context) {
        const { session } = await openPolling(context);
        if (queued !== null) session.connection.send(queued);
        await context.elapse(4000);
        session.connection.close();
        await context.elapse(10_990);
        same(session.isClosed, false);
        await context.elapse(10);
        same((await session.closed).reason, "ping timeout");
      },
    }),
  ),
  {
    id: "EN72",
    title: "closing a WebSocket sends what is queued, then a close frame without a code",
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      session.connection.send("a");
      session.connection.send(Uint8Array.of(1));
      session.connection.close();
      same(await peer.next(), "4a");
      same(await peer.next(), Uint8Array.of(1));
      same(await peer.closed, NO_CODE);
      same(peer.unread, []);
      same((await session.closed).reason, "forced close");
    },
  },
  {
    id: "EN73",
    title: "closing at once drops what is queued",
    async run(context) {
      const waiting = await openPolling(context);
      waiting.session.connection.send("a");
      waiting.session.connection.close("discard");
      same(waiting.session.closings, [{ reason: "forced close" }]);
      same((await waiting.poll().answer).status, 400);

      const polling = await openPolling(context);
      const held = polling.poll();
      await context.settle();
      polling.session.connection.close("discard");
      const { status, body } = await held.answer;
      same([status, body], [200, "1"]);
    },
  },
  {
    id: "EN73",
    title: "a session that is closing can still be cut",
    async run(context) {
      const { session } = await openPolling(context);
      session.connection.close();
      session.connection.close();
      same(session.isClosed, false);
      session.connection.close("discard");
      same(session.closings, [{ reason: "forced close" }]);
    },
  },
  ...(["leave", "cut"] as const).map(
    (way): EngineCase => ({
      id: "EN74",
      title: `a WebSocket that the peer ends (${way}) ends the session`,
      async run(context) {
        const { peer, session, sid } = await openWebSocket(context);
        peer[way]();
        same(await session.closed, { reason: "transport close" });
        holds(!context.engine.connections.has(sid), "the session is forgotten");
      },
    }),
  ),
  {
    id: "EN74",
    title: "a close packet over a WebSocket ends the session, and closes it",
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      peer.transmit("1");
      same((await session.closed).reason, "transport close");
      same(await peer.closed, NO_CODE);
    },
  },
  ...["", "7", "abc", "b!", "\u20ac"].map(
    (frame): EngineCase => ({
      id: "EN75",
      title: `${JSON.stringify(frame)} is no packet: the session ends, and the WebSocket is closed`,
      async run(context) {
        const { peer, session } = await openWebSocket(context);
        peer.transmit("4a");
        peer.transmit(frame);
        peer.transmit("4b");
        same((await session.closed).reason, "parse error");
        await peer.closed;
        same(session.messages.unread, ["a"]);
      },
    }),
  ),
  {
    id: "EN76",
    title: "a message that is too large closes the WebSocket with code 1009",
    options: { maxHttpBufferSize: 100 },
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      peer.transmit("4".repeat(100));
      same(await session.messages.next(), "4".repeat(99));
      peer.transmit("4".repeat(101));
      same(await peer.closed, TOO_BIG);
      const { reason, error } = await session.closed;
      // Behind the name that the platform gives to such errors.
      const text = error?.message.replace(/^\w*Error: /, "");
      same([reason, text], ["transport error", "Max payload size exceeded"]);
    },
  },
  {
    id: "EN77",
    title: "an end is told once, when the session is forgotten; nothing is sent or heard after it",
    async run(context) {
      const { peer, session, sid } = await openWebSocket(context);
      let known = true;
      session.onEnd = () => {
        known = context.engine.connections.has(sid);
        session.connection.close("discard");
      };
      session.connection.close("discard");
      same(known, false, "known when the end was told");
      session.connection.close();
      peer.transmit("4late");
      peer.cut();
      await context.settle();
      same(session.closings, [{ reason: "forced close" }]);
      const { connection } = session;
      same(
        [connection.readyState, connection.transport, connection.isOpen],
        ["closed", null, false],
      );
      same([connection.send("x"), connection.queuedBytes], ["closed", 0]);
      same(connection.sendShared(new SharedMessage(["4x"], false)), "closed");
      same([session.messages.unread, connection.isWritable()], [[], false]);
      holds(!context.engine.connections.has(sid), "the session is forgotten");
    },
  },
  {
    id: "EN25",
    title: "a connection that is cut while it is being opened has been answered",
    hooks: { onConnection: (connection) => connection.close("discard") },
    async run(context) {
      const { status, body } = await context.ask("GET", "EIO=4&transport=polling").answer;
      same([status, String(body).slice(0, 7)], [200, '0{"sid"']);
      const { sid } = JSON.parse(String(body).slice(1)) as { sid: string };
      same(await context.recorder.session(sid).closed, { reason: "forced close" });
      same((await context.ask("GET", `EIO=4&transport=polling&sid=${sid}`).answer).status, 400);
    },
  },
  {
    id: "EN25",
    title: "what is sent while a session is being told of waits for the first poll",
    options: { initialPacket: "initial" },
    hooks: { onConnection: (connection) => void connection.send("first") },
    async run(context) {
      const { body } = await context.ask("GET", "EIO=4&transport=polling").answer;
      const [open, ...packets] = String(body).split("\u001e");
      same(packets, ["4initial"]);
      const { sid } = JSON.parse(String(open).slice(1)) as { sid: string };
      same((await pollingPeer(context, sid).poll().answer).body, "4first");
    },
  },
  {
    id: "EN78",
    title: "a connection may be closed while it is being opened",
    hooks: { onConnection: (connection) => connection.close() },
    async run(context) {
      const { body } = await context.ask("GET", "EIO=4&transport=polling").answer;
      const { sid } = JSON.parse(String(body).slice(1)) as { sid: string };
      same((await pollingPeer(context, sid).poll().answer).body, "6\u001e1");
      same(await context.recorder.session(sid).closed, { reason: "forced close" });
      const { peer, session } = await openWebSocket(context);
      same(await session.closed, { reason: "forced close" });
      await peer.closed;
      same(context.engine.connections.size, 0, "sessions");
    },
  },
  {
    id: "EN78",
    title: "a connection may be closed by what it brought",
    async run(context) {
      const { poll, post, session } = await openPolling(context);
      const held = poll();
      await context.settle();
      session.onEach = () => session.connection.close();
      same((await post("4a\u001e4b").answer).status, 200);
      same((await held.answer).body, "1");
      same([session.messages.unread, session.closings.length], [["a"], 1]);
    },
  },
  {
    id: "EN79",
    title: "an engine that closes ends every session, in whatever state",
    async run(context) {
      const polling = await openPolling(context);
      const upgrading = await openPolling(context);
      const candidate = await dialCandidate(context, upgrading.sid);
      const closing = await openPolling(context);
      closing.session.connection.close();
      const direct = await openWebSocket(context);
      context.engine.close();
      for (const { session } of [polling, upgrading, closing, direct]) {
        same(session.closings, [{ reason: "forced close" }]);
      }
      await Promise.all([candidate.closed, direct.peer.closed]);
      same(context.engine.connections.size, 0, "sessions");
    },
  },
];
