// The heartbeat: the server pings, the client answers.

import { between, same } from "../claims.ts";
import { type EngineCase, openPolling, openWebSocket } from "./context.ts";

const FAST = { pingInterval: 200, pingTimeout: 300 };

export const heartbeatCases: readonly EngineCase[] = [
  {
    id: "EN60",
    title: "a ping comes an interval after the handshake, and after each pong",
    options: FAST,
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      for (let beat = 0; beat < 3; beat++) {
        const before = context.now();
        await context.elapse(FAST.pingInterval);
        same(await peer.next(), "2", `beat ${beat}`);
        between(context.now() - before, [FAST.pingInterval - 5, 5 * FAST.pingInterval], "interval");
        peer.transmit("3");
        await context.settle();
      }
      same(session.isClosed, false);
    },
  },
  {
    id: "EN60",
    title: "over polling as well",
    options: FAST,
    async run(context) {
      const { poll, post, session } = await openPolling(context);
      for (let beat = 0; beat < 2; beat++) {
        const asked = poll();
        await context.elapse(FAST.pingInterval);
        same((await asked.answer).body, "2", `beat ${beat}`);
        same((await post("3").answer).status, 200);
      }
      same(session.isClosed, false);
    },
  },
  {
    id: "EN60",
    title: "the interval counts from the pong, not from the ping",
    options: { pingInterval: 25_000, pingTimeout: 20_000 },
    needs: "controlled time",
    async run(context) {
      const { peer } = await openWebSocket(context);
      await context.elapse(24_999);
      same(peer.unread, [], "before");
      await context.elapse(1);
      same(await peer.next(), "2");
      await context.elapse(19_000);
      peer.transmit("3");
      await context.elapse(24_999);
      same(peer.unread, [], "before the second");
      await context.elapse(1);
      same(await peer.next(), "2");
    },
  },
  {
    id: "EN61",
    title: "a peer that does not answer in time is gone",
    options: FAST,
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      await context.elapse(FAST.pingInterval);
      same(await peer.next(), "2");
      const pinged = context.now();
      await context.elapse(FAST.pingTimeout);
      same((await session.closed).reason, "ping timeout");
      between(context.now() - pinged, [FAST.pingTimeout - 20, 5 * FAST.pingTimeout], "wait");
      await peer.closed;
    },
  },
  {
    id: "EN61",
    title: "a peer on polling that does not come back is gone",
    options: FAST,
    async run(context) {
      const { session } = await openPolling(context);
      await context.elapse(FAST.pingInterval + FAST.pingTimeout);
      same((await session.closed).reason, "ping timeout");
    },
  },
  {
    id: "EN61",
    title: "a held poll is answered with a close packet",
    options: FAST,
    async run(context) {
      const { poll, session } = await openPolling(context);
      const ping = poll();
      await context.elapse(FAST.pingInterval);
      same((await ping.answer).body, "2");
      const held = poll();
      await context.elapse(FAST.pingTimeout);
      same((await held.answer).body, "1");
      same((await session.closed).reason, "ping timeout");
    },
  },
  {
    id: "EN62",
    title: "the first thing heard while a pong is awaited extends the wait, once",
    options: { pingInterval: 100, pingTimeout: 1000 },
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      await context.elapse(100);
      same(await peer.next(), "2");
      await context.elapse(600);
      peer.transmit("4a");
      const extended = context.now();
      same(await session.messages.next(), "a");
      await context.elapse(600);
      // The first deadline has passed.
      same(session.isClosed, false, "closed");
      peer.transmit("4b");
      same(await session.messages.next(), "b");
      await context.elapse(500);
      same((await session.closed).reason, "ping timeout");
      between(context.now() - extended, [990, 1900], "wait since the extension");
    },
  },
  {
    id: "EN62",
    title: "any packet extends the wait, bytes and noop too, and each ping anew",
    options: { pingInterval: 25_000, pingTimeout: 20_000 },
    needs: "controlled time",
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      for (const sign of ["4a", Uint8Array.of(1), "bAQ==", "6"]) {
        await context.elapse(25_000);
        same(await peer.next(), "2");
        await context.elapse(19_999);
        peer.transmit(sign);
        await context.elapse(19_999);
        same(session.isClosed, false, `closed after ${String(sign)}`);
        peer.transmit("3");
      }
      await context.elapse(25_000);
      await context.elapse(20_000);
      same((await session.closed).reason, "ping timeout");
    },
  },
  {
    id: "EN63",
    title: "a peer that pings breaks the rules",
    async run(context) {
      for (const frame of ["2", "2probe"]) {
        const { peer, session } = await openWebSocket(context);
        peer.transmit(frame);
        const { reason, error } = await session.closed;
        same([reason, error?.message], ["transport error", "invalid heartbeat direction"], frame);
        await peer.closed;
      }
    },
  },
  {
    id: "EN64",
    title: "a pong that nobody asked for starts the interval again",
    needs: "controlled time",
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      await context.elapse(24_000);
      peer.transmit("3");
      await context.elapse(24_999);
      same(peer.unread, []);
      await context.elapse(1);
      same([await peer.next(), session.isClosed], ["2", false]);
    },
  },
];
