// The heartbeat: the server asks, the client answers, and silence ends the session.
import { within } from "../kit/deadline.ts";
import { answerOf } from "../kit/raw-http.ts";
import { pollAnswer } from "./answers.ts";
import { type Row, registerRows, webSocketServers } from "./rows.ts";
import type { Wire } from "./wire.ts";

const QUICK = { pingInterval: 100, pingTimeout: 400 } as const;
const PATIENT = { pingInterval: 60, pingTimeout: 2000 } as const;

/** Time in which a ping falls due that nobody has fetched yet. */
async function pingDue(wire: Wire): Promise<void> {
  const { ws } = await wire.joinedWebSocket();
  // It connects later than the session in question, so that its ping is the later one too.
  await ws.text();
}

const rows: readonly Row[] = [
  {
    title: "the server pings by WebSocket, again after each pong",
    options: PATIENT,
    act: async (wire) => {
      const { ws } = await wire.joinedWebSocket();
      const got: string[] = [];
      while (got.length < 3) {
        got.push(await ws.text());
        ws.send("3");
      }
      return got;
    },
    expect: ["2", "2", "2"],
  },
  {
    title: "the server pings by polling, in the pending GET",
    options: PATIENT,
    act: async (wire) => {
      const session = await wire.polling();
      const first = answerOf(await session.poll());
      await session.post("3");
      return [first, answerOf(await session.poll())];
    },
    expect: [pollAnswer("2"), pollAnswer("2")],
  },
  {
    title: "a ping that fell due before the session joined is in the answer with its CONNECT",
    options: PATIENT,
    act: async (wire) => {
      const session = await wire.handshake();
      await pingDue(wire);
      await session.join();
      const first = answerOf(await session.poll());
      await session.post("3");
      return [first, answerOf(await session.poll())];
    },
    expect: [pollAnswer("2"), pollAnswer("2")],
  },
  {
    title: "no second ping before the pong",
    options: PATIENT,
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      await ws.text();
      // Longer than an interval, shown by the pings of another session passing by.
      const other = await wire.joinedWebSocket();
      for (let n = 0; n < 3; n++) {
        await other.ws.text();
        other.ws.send("3");
      }
      ws.send('421["ask"]');
      return [await ws.text(), peer.socket.connected];
    },
    expect: ["431[]", true],
  },
  {
    title: "no pong within pingTimeout by WebSocket: ping timeout",
    options: QUICK,
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      const [reason] = await peer.inbox.take("disconnect");
      return [await ws.text(), reason, await ws.closeCode()];
    },
    expect: ["2", "ping timeout", 1005],
  },
  {
    title: "no pong within pingTimeout by polling: ping timeout, the pending GET is let go",
    options: QUICK,
    act: async (wire) => {
      const session = await wire.polling();
      const ping = answerOf(await session.poll());
      const pending = session.beginPoll();
      const reason = await session.closeReason();
      const { status, text } = await within(pending.response, "the pending poll");
      return { ping, reason, pending: [status, text] };
    },
    expect: { ping: pollAnswer("2"), reason: "ping timeout", pending: [200, "1"] },
  },
  {
    title: "a session that is never fetched again ends too",
    options: QUICK,
    act: async (wire) => {
      const session = await wire.polling();
      return await session.closeReason();
    },
    expect: "ping timeout",
  },
  {
    title: "another packet during the wait extends it, once",
    options: { pingInterval: 100, pingTimeout: 400 },
    act: async (wire) => {
      const other = await wire.joinedWebSocket();
      const { ws, peer } = await wire.joinedWebSocket();
      await ws.text();
      // The pings of another session are the clock: twice a packet about 200 ms after the last thing.
      const times = [performance.now()];
      for (let n = 0; n < 4; n++) {
        await other.ws.text();
        other.ws.send("3");
        if (n % 2 === 0) continue;
        ws.send('42["not a pong"]');
        times.push(performance.now());
      }
      const answering = (async () => {
        while (peer.socket.connected) {
          await other.ws.text();
          other.ws.send("3");
        }
      })();
      await peer.inbox.take("disconnect");
      const last = performance.now() - 400;
      await answering;
      // The wait has been counted from the ping, the first packet or the second: whichever is nearest.
      const distances = times.map((time) => Math.abs(last - time));
      return `extended ${distances.indexOf(Math.min(...distances))} times`;
    },
    expect: "extended 1 times",
  },
  {
    title: "a ping of the client goes the wrong way: the session ends",
    act: async (wire) => {
      const { ws, peer } = await wire.joinedWebSocket();
      ws.send("2");
      return [(await peer.inbox.take("disconnect"))[0], await ws.closeCode()];
    },
    expect: ["transport error", 1005],
  },
  {
    title: "a ping of the client by polling, likewise",
    act: async (wire) => {
      const session = await wire.polling();
      await session.post("2").catch(() => undefined);
      return await session.closeReason();
    },
    expect: "transport error",
  },
  {
    title: "a pong nobody asked for is harmless",
    act: async (wire) => {
      const { ws } = await wire.joinedWebSocket();
      ws.send("3", '421["ask"]');
      return await ws.text();
    },
    expect: "431[]",
  },
];

registerRows("heartbeat", rows, webSocketServers);
