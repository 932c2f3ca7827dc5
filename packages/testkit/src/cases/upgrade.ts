// Upgrades from polling to a WebSocket: the attempt, its failures, and that no message is lost.

import type { ConnectionObserver } from "@sockeye/engine";
import { between, holds, same } from "../claims.ts";
import {
  dialCandidate,
  type EngineCase,
  type EngineContext,
  openPolling,
  openWebSocket,
  type PollingPeer,
  type WirePeer,
} from "./context.ts";

/** Observes a connection and records events of upgrades. */
function watch({ session }: PollingPeer): string[] {
  const journal: string[] = [];
  const observer: ConnectionObserver = {
    onPacket: () => {},
    onPacketCreate: () => {},
    onPacketSent: () => {},
    onEnding: () => {},
    onClose: () => {},
    onHeartbeat: () => {},
    onDrain: () => {},
    onUpgrading: ({ name }) => journal.push(`upgrading ${name}`),
    onUpgrade: ({ name }) => journal.push(`upgrade ${name}`),
  };
  session.connection.observe(observer);
  return journal;
}

function directOf({ direct = "websocket" }: EngineContext): string {
  return direct;
}

/** A candidate whose probe was answered. */
async function probed(context: EngineContext, sid: string): Promise<WirePeer> {
  const candidate = await dialCandidate(context, sid);
  candidate.transmit("2probe");
  same(await candidate.next(), "3probe");
  return candidate;
}

/** Claims that a session is on polling still, and that another attempt succeeds. */
async function staysOnPolling(context: EngineContext, peer: PollingPeer): Promise<void> {
  same(peer.session.connection.transport?.name, "polling", "transport");
  same(peer.session.connection.isUpgrading, false, "upgrading");
  same((await peer.post("4x").answer).status, 200);
  same(await peer.session.messages.next(), "x");
  const candidate = await probed(context, peer.sid);
  candidate.transmit("5");
  candidate.transmit("4y");
  same(await peer.session.messages.next(), "y");
  same(peer.session.connection.transport?.name, directOf(context), "transport in the end");
}

const WRONG_FIRST = ["2", "3probe", "5", "4hello", "1", "x", "", "2probe2", Uint8Array.of(1)];
const WRONG_SECOND = ["2probe", "3", "4hello", "6", "5x", Uint8Array.of(5)];

export const upgradeCases: readonly EngineCase[] = [
  {
    id: "EN40",
    title: "probe, answer, upgrade packet: the session moves",
    async run(context) {
      const peer = await openPolling(context);
      const journal = watch(peer);
      const { connection } = peer.session;
      const candidate = await dialCandidate(context, peer.sid);
      same([journal, connection.transport?.name], [[], "polling"]);
      candidate.transmit("2probe");
      same(await candidate.next(), "3probe");
      same([journal, connection.readyState], [[`upgrading ${directOf(context)}`], "open"]);
      candidate.transmit("5");
      candidate.transmit("4a");
      same(await peer.session.messages.next(), "a");
      same(journal, [`upgrading ${directOf(context)}`, `upgrade ${directOf(context)}`]);
      connection.send("b");
      same(await candidate.next(), "4b");
      same(connection.transport?.name, directOf(context));
    },
  },
  {
    id: "EN41",
    title: "a poll that is held when the probe comes is released with a noop",
    async run(context) {
      const peer = await openPolling(context);
      const held = peer.poll();
      await context.settle();
      await probed(context, peer.sid);
      same((await held.answer).body, "6");
    },
  },
  {
    id: "EN41",
    title: "a poll that comes during the trial is released within a tenth of a second",
    async run(context) {
      const peer = await openPolling(context);
      await probed(context, peer.sid);
      for (let at = 0; at < 3; at++) {
        const held = peer.poll();
        const asked = context.now();
        await context.elapse(100);
        same((await held.answer).body, "6", `poll ${at}`);
        between(context.now() - asked, [0, 1000], "wait");
      }
      same((await peer.post("4a").answer).status, 200);
    },
  },
  {
    id: "EN41",
    title: "a poll that is held when the session moves is answered with a noop",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      const held = peer.poll();
      await context.settle();
      candidate.transmit("5");
      const { status, body } = await held.answer;
      same([status, body], [200, "6"]);
      candidate.transmit("4a");
      same(await peer.session.messages.next(), "a");
    },
  },
  {
    id: "EN42",
    title: "messages of the trial arrive once and in order, over whatever transport",
    async run(context) {
      const peer = await openPolling(context);
      const { connection } = peer.session;
      const send = (...texts: string[]): void =>
        texts.forEach((text) => void connection.send(text));
      send("1", "2");
      const candidate = await probed(context, peer.sid);
      send("3");
      const { body } = await peer.poll().answer;
      send("4", "5");
      candidate.transmit("5");
      send("6");
      candidate.transmit("4fence");
      same(await peer.session.messages.next(), "fence");
      send("7");
      const frames = String(body).split("\u001e");
      while (frames.length < 7) frames.push(String(await candidate.next()));
      same(frames, ["41", "42", "43", "44", "45", "46", "47"]);
    },
  },
  {
    id: "EN42",
    title: "bytes that waited move over as bytes",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      peer.session.connection.send(Uint8Array.of(1, 2));
      peer.session.connection.send("a");
      candidate.transmit("5");
      same(await candidate.next(), Uint8Array.of(1, 2));
      same(await candidate.next(), "4a");
    },
  },
  {
    id: "EN42",
    title: "the peer's messages of the trial are heard in order",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      await peer.post("41\u001e42").answer;
      candidate.transmit("5");
      candidate.transmit("43");
      const heard = [];
      for (let at = 0; at < 3; at++) heard.push(await peer.session.messages.next());
      same(heard, ["1", "2", "3"]);
    },
  },
  {
    id: "EN43",
    title: "a second candidate is closed, and the first goes on",
    async run(context) {
      const peer = await openPolling(context);
      const first = await probed(context, peer.sid);
      const second = await dialCandidate(context, peer.sid);
      await second.closed;
      same(second.unread, []);
      first.transmit("5");
      first.transmit("4a");
      same(await peer.session.messages.next(), "a");
    },
  },
  {
    id: "EN44",
    title: "a session that is on a WebSocket takes no candidate, and is not harmed by one",
    async run(context) {
      const direct = await openWebSocket(context);
      const moved = await openPolling(context);
      const upgraded = await probed(context, moved.sid);
      upgraded.transmit("5");
      upgraded.transmit("4moved");
      same(await moved.session.messages.next(), "moved");
      for (const { sid } of [direct, moved]) await (await dialCandidate(context, sid)).closed;
      direct.peer.transmit("4a");
      same(await direct.session.messages.next(), "a");
      upgraded.transmit("4b");
      same(await moved.session.messages.next(), "b");
    },
  },
  ...WRONG_FIRST.map(
    (frame): EngineCase => ({
      id: "EN45",
      title: `${JSON.stringify(frame)} is no probe: the candidate is closed, the session stays`,
      async run(context) {
        const peer = await openPolling(context);
        const candidate = await dialCandidate(context, peer.sid);
        candidate.transmit(frame);
        await candidate.closed;
        same(candidate.unread, []);
        await staysOnPolling(context, peer);
      },
    }),
  ),
  ...WRONG_SECOND.map(
    (frame): EngineCase => ({
      id: "EN45",
      title: `${JSON.stringify(frame)} after the probe closes the candidate, the session stays`,
      async run(context) {
        const peer = await openPolling(context);
        const candidate = await probed(context, peer.sid);
        candidate.transmit(frame);
        await candidate.closed;
        await staysOnPolling(context, peer);
      },
    }),
  ),
  ...(["leave", "cut"] as const).map(
    (way): EngineCase => ({
      id: "EN46",
      title: `a candidate that is lost (${way}) leaves the session on polling, before and after the probe`,
      async run(context) {
        const peer = await openPolling(context);
        (await dialCandidate(context, peer.sid))[way]();
        await until(context, () => !peer.session.connection.isUpgrading);
        (await probed(context, peer.sid))[way]();
        await until(context, () => !peer.session.connection.isUpgrading);
        await staysOnPolling(context, peer);
      },
    }),
  ),
  ...(["before", "after"] as const).map(
    (when): EngineCase => ({
      id: "EN47",
      title: `a trial is over when its time is up, ${when} the probe`,
      options: { upgradeTimeout: 550 },
      async run(context) {
        const peer = await openPolling(context);
        const began = context.now();
        const candidate = await dialCandidate(context, peer.sid);
        if (when === "after") {
          await context.elapse(100);
          candidate.transmit("2probe");
          same(await candidate.next(), "3probe");
          await context.elapse(200);
        } else await context.elapse(300);
        // A busy machine may have been late already.
        if (context.now() - began < 550) {
          same(peer.session.connection.isUpgrading, true, "upgrading in time");
        }
        await context.elapse(250);
        await candidate.closed;
        between(context.now() - began, [545, 1000], "time taken");
        await staysOnPolling(context, peer);
      },
    }),
  ),
  {
    id: "EN48",
    title: "after the move polling is refused, and the session is not harmed",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      candidate.transmit("5");
      candidate.transmit("4a");
      same(await peer.session.messages.next(), "a");
      same((await peer.poll().answer).body, '{"code":3,"message":"Bad request"}');
      same((await peer.post("4b").answer).status, 400);
      candidate.transmit("4c");
      same(await peer.session.messages.next(), "c");
    },
  },
  {
    id: "EN49",
    title: "the heartbeat goes on through the trial, and its answer may come over either transport",
    options: { pingInterval: 25_000, pingTimeout: 20_000, upgradeTimeout: 60_000 },
    needs: "controlled time",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      await context.elapse(25_000);
      same((await peer.poll().answer).body, "2");
      candidate.transmit("5");
      await context.elapse(19_000);
      candidate.transmit("3");
      await context.elapse(25_000);
      same(await candidate.next(), "2");
      await context.elapse(20_000);
      same((await peer.session.closed).reason, "ping timeout");
      await candidate.closed;
    },
  },
  ...(["discard", "violation", "peer"] as const).map(
    (end): EngineCase => ({
      id: "EN50",
      title: `a session that ends during the trial (${end}) takes the candidate along`,
      async run(context) {
        const peer = await openPolling(context);
        const candidate = await probed(context, peer.sid);
        if (end === "violation") await peer.post("garbage").answer;
        else if (end === "peer") await peer.post("1").answer;
        else peer.session.connection.close(end);
        await candidate.closed;
        await peer.session.closed;
        holds(!context.engine.connections.has(peer.sid), "the session is forgotten");
      },
    }),
  ),
  {
    id: "EN51",
    title: "closing during the trial ends over polling when the peer polls",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      peer.session.connection.send("last");
      peer.session.connection.close();
      same((await peer.poll().answer).body, "4last");
      same((await peer.poll().answer).body, "6\u001e1");
      same((await peer.session.closed).reason, "forced close");
      await candidate.closed;
      same(candidate.unread, []);
    },
  },
  {
    id: "EN51",
    title: "closing during the trial ends over the WebSocket when the peer has moved there",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      peer.session.connection.send("last");
      peer.session.connection.close();
      candidate.transmit("5");
      same(await candidate.next(), "4last");
      same(await candidate.closed, 1005);
      same((await peer.session.closed).reason, "forced close");
    },
  },
  {
    id: "EN51",
    title: "closing during the trial goes on over polling when the candidate fails",
    async run(context) {
      const peer = await openPolling(context);
      const candidate = await probed(context, peer.sid);
      peer.session.connection.send("last");
      peer.session.connection.close();
      candidate.transmit("nonsense");
      await candidate.closed;
      same(peer.session.isClosed, false);
      same((await peer.poll().answer).body, "4last");
      same((await peer.poll().answer).body, "6\u001e1");
      same((await peer.session.closed).reason, "forced close");
    },
  },
];

async function until(context: EngineContext, condition: () => boolean): Promise<void> {
  while (!condition()) await context.settle();
}
