// Sending: limits on the write buffer of a client that does not read, and messages shared by many connections.

import { SharedMessage } from "@sockeye/engine";
import { same } from "../claims.ts";
import { type EngineCase, openPolling, openWebSocket } from "./context.ts";

export const sendingCases: readonly EngineCase[] = [
  {
    id: "EN80",
    title: "what one turn writes for a peer on polling is kept, also beyond the limit",
    options: { maxSendBufferSize: 100 },
    async run(context) {
      const { session, poll } = await openPolling(context);
      const outcomes = Array.from({ length: 50 }, () => session.connection.send("x".repeat(49)));
      same([...new Set(outcomes)], ["queued"]);
      const { body } = await poll().answer;
      same([String(body).length, session.isClosed], [50 * 51 - 1, false]);
    },
  },
  {
    id: "EN80",
    title: "a peer on polling that fetches nothing is cut when more is left than a turn wrote",
    options: { maxSendBufferSize: 100 },
    async run(context) {
      const { session, poll } = await openPolling(context);
      const { connection } = session;
      same(connection.send("x".repeat(149)), "queued");
      await context.settle();
      // An eighth of the limit may come on top.
      same(connection.send("x".repeat(10)), "queued");
      await context.settle();
      same([connection.send("x"), connection.isOpen], ["closed", false]);
      same([connection.send("late"), connection.readyState], ["closed", "closing"]);
      same(session.isClosed, false, "told within the send");
      await context.settle();
      const { reason, error } = await session.closed;
      same(reason, "slow consumer");
      same(
        error?.message,
        "the client does not read: 163 bytes wait for it, maxSendBufferSize is 100",
      );
      same((await poll().answer).status, 400);
    },
  },
  {
    id: "EN80",
    title: "a peer that reads again starts anew",
    options: { maxSendBufferSize: 100 },
    async run(context) {
      const { session, poll } = await openPolling(context);
      for (let burst = 0; burst < 5; burst++) {
        same(session.connection.send("x".repeat(300)), "queued");
        await context.settle();
        same(String((await poll().answer).body).length, 301);
      }
      same(session.isClosed, false);
    },
  },
  {
    id: "EN80",
    title: "a WebSocket that does not read is cut, also by shared messages",
    options: { maxSendBufferSize: 1_000_000 },
    async run(context) {
      const chunk = "x".repeat(250_000);
      for (const how of ["send", "sendShared"] as const) {
        const { peer, session } = await openWebSocket(context);
        peer.pause();
        const { connection } = session;
        let outcome = "sent";
        // The network keeps some of it too.
        for (let sent = 0; outcome !== "closed" && sent < 400; sent++) {
          outcome =
            how === "send"
              ? connection.send(chunk, false)
              : connection.sendShared(new SharedMessage([`4${chunk}`], false));
          await context.settle();
        }
        same([how, outcome], [how, "closed"]);
        same((await session.closed).reason, "slow consumer");
        peer.resume();
        await peer.closed;
      }
    },
  },
  {
    id: "EN80",
    title: "a WebSocket that reads is given what one turn writes, many times the limit",
    options: { maxSendBufferSize: 100_000 },
    async run(context) {
      const { peer, session } = await openWebSocket(context);
      const chunk = "x".repeat(50_000);
      for (let sent = 0; sent < 40; sent++) session.connection.send(`${sent} ${chunk}`, false);
      for (let sent = 0; sent < 40; sent++) {
        same(String(await peer.next()).split(" ")[0], `4${sent}`);
      }
      same(session.isClosed, false);
    },
  },
  {
    id: "EN84",
    title:
      "ends of connections that overflow together are told after the turn, and not inside each other",
    options: { maxSendBufferSize: 100 },
    async run(context) {
      const peers = [];
      for (let opened = 0; opened < 20; opened++) peers.push(await openPolling(context));
      const sessions = peers.map(({ session }) => session);
      const broadcast = (text: string): string[] =>
        sessions.map(({ connection }) =>
          connection.sendShared(new SharedMessage([`4${text}`], false)),
        );
      broadcast("x".repeat(120));
      await context.settle();
      let depth = 0;
      let deepest = 0;
      for (const session of sessions) {
        session.onEnd = () => {
          deepest = Math.max(deepest, ++depth);
          // As an application notifies the others that a client has left.
          broadcast("left");
          depth--;
        };
      }
      same([...new Set(broadcast("x".repeat(50)))], ["closed"]);
      same(
        sessions.some(({ isClosed }) => isClosed),
        false,
        "closed in the walk",
      );
      await Promise.all(sessions.map(({ closed }) => closed));
      same(deepest, 1, "depth");
      same(context.engine.connections.size, 0, "sessions");
    },
  },
  {
    id: "EN86",
    title: "that everything has left is told once, when it has",
    async run(context) {
      const { session, poll } = await openPolling(context);
      const told: string[] = [];
      session.connection.send("a");
      session.connection.whenSent(() => told.push("a"));
      session.connection.whenSent(() => told.push("also a"));
      await context.settle();
      same(told, []);
      same((await poll().answer).body, "4a");
      same(told, ["a", "also a"]);
      const direct = await openWebSocket(context);
      const sent = new Promise<void>((resolve) => {
        direct.session.connection.send("b");
        direct.session.connection.whenSent(resolve);
      });
      same(await direct.peer.next(), "4b");
      await sent;
    },
  },
  {
    id: "EN81",
    title: "messages that are shared arrive as those that are not, over either transport",
    async run(context) {
      const message = new SharedMessage(["4a\u20ac", Uint8Array.of(1, 2)], true);
      const one = await openWebSocket(context);
      const other = await openWebSocket(context);
      const polling = await openPolling(context);
      const held = polling.poll();
      await context.settle();
      const outcomes = [one, other, polling].map(({ session }) =>
        session.connection.sendShared(message),
      );
      same(outcomes, ["sent", "sent", "sent"]);
      for (const { peer } of [one, other]) {
        same(await peer.next(), "4a\u20ac");
        same(await peer.next(), Uint8Array.of(1, 2));
      }
      same((await held.answer).body, "4a\u20ac\u001ebAQI=");
    },
  },
  {
    id: "EN82",
    title: "whether a message would leave at once is known beforehand",
    async run(context) {
      const { session, poll } = await openPolling(context);
      same(session.connection.isWritable(), false, "no poll");
      const held = poll();
      await context.settle();
      same(session.connection.isWritable(), true, "a poll");
      session.connection.send("a");
      same(session.connection.isWritable(), false, "a poll that will be answered");
      await held.answer;
      const direct = await openWebSocket(context);
      await context.settle();
      same(direct.session.connection.isWritable(), true, "a WebSocket");
    },
  },
];
