// From polling to WebSocket: the sequence that must be kept, and what happens when it is not.

import { within } from "../kit/deadline.ts";
import { answerOf } from "../kit/raw-http.ts";
import { handshakeHead, openTcp } from "../kit/raw-tcp.ts";
import { pollAnswer, refusal, upgradeRefusal } from "./answers.ts";
import { type Row, registerRows, webSocketServers } from "./rows.ts";
import { BASE, type Wire } from "./wire.ts";

/** A session and a WebSocket that has been answered its probe. */
async function probed(wire: Wire) {
  const session = await wire.polling();
  const ws = session.candidate();
  await ws.inbox.take("open");
  ws.send("2probe");
  return { session, ws, answer: await ws.text() };
}

/** A session that has gone over to WebSocket, proven by a round trip over it. */
async function upgraded(wire: Wire) {
  const { session, ws } = await probed(wire);
  ws.send("5", '421["ask"]');
  await ws.text();
  return { session, ws };
}

/** A refused candidate: its frames are not taken, it is closed, and the session goes on by polling. */
async function refusedCandidate(
  wire: Wire,
  ...frames: readonly (string | Uint8Array)[]
): Promise<unknown> {
  const session = await wire.polling();
  const ws = session.candidate();
  await ws.inbox.take("open");
  ws.send(...frames);
  const code = await ws.closeCode();
  return {
    code,
    session: await session.proveOpen(),
    got: session.peer.inbox.names().filter((name) => name !== "ask"),
  };
}

const refusedAndOpen = { code: 1005, session: "open", got: [] };

const rows: readonly Row[] = [
  {
    title: "2probe, 3probe, 5: then both ways by WebSocket",
    act: async (wire) => {
      const { session, ws, answer } = await probed(wire);
      ws.send("5", '421["ask","over"]');
      const reply = await ws.text();
      session.peer.socket.emit("down", Buffer.from([1]));
      return [
        answer,
        reply,
        await ws.text(),
        [...(await ws.binary())],
        session.peer.socket.conn.transport.name,
      ];
    },
    expect: [
      "3probe",
      '431["over"]',
      '451-["down",{"_placeholder":true,"num":0}]',
      [1],
      "websocket",
    ],
  },
  {
    title: "a pending GET is let go with 6 once the probe is answered",
    act: async (wire) => {
      const session = await wire.polling();
      const poll = session.beginPoll();
      await session.post('42["the poll is here"]');
      await session.peer.inbox.take("the poll is here");
      const ws = session.candidate();
      await ws.inbox.take("open");
      ws.send("2probe");
      return [await ws.text(), answerOf(await within(poll.response, "the pending poll"))];
    },
    expect: ["3probe", pollAnswer("6")],
  },
  {
    title: "a GET sent after the probe was answered is let go too",
    act: async (wire) => {
      const { session } = await probed(wire);
      return answerOf(await session.poll());
    },
    expect: pollAnswer("6"),
  },
  {
    title: "what is sent between the probe and 5 arrives once, in order, by WebSocket",
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      for (let n = 0; n < 5; n++) session.peer.socket.emit("n", n);
      ws.send("5");
      const got: string[] = [];
      while (got.length < 5) got.push(await ws.text());
      return got;
    },
    expect: [0, 1, 2, 3, 4].map((n) => `42["n",${n}]`),
  },
  {
    title: "a POST during the probe is taken",
    act: async (wire) => {
      const { session } = await probed(wire);
      await session.post('42["while probing"]');
      return await session.peer.inbox.take("while probing");
    },
    expect: [],
  },
  {
    title: "afterwards a GET is refused with code 3, and the session is unaffected",
    act: async (wire) => {
      const { session, ws } = await upgraded(wire);
      const get = answerOf(await session.poll());
      const post = answerOf(await session.post('42["x"]'));
      ws.send('422["ask","still"]');
      return { get, post, reply: await ws.text() };
    },
    expect: {
      get: refusal(3, "Bad request"),
      post: refusal(3, "Bad request"),
      reply: '432["still"]',
    },
  },
  {
    title: "a message instead of the probe closes the candidate only",
    act: (wire) => refusedCandidate(wire, '42["x"]'),
    expect: refusedAndOpen,
  },
  {
    title: "5 without a probe closes the candidate only",
    act: async (wire) => {
      const session = await wire.polling();
      const ws = session.candidate();
      await ws.inbox.take("open");
      ws.send("5", '421["ask"]');
      return await Promise.race([ws.closeCode(), ws.text()]);
    },
    expect: 1005,
    upstream: {
      expect: "431[]",
      reason: "a candidate is not adopted before it has proven to carry both directions",
    },
  },
  {
    title: "2 without probe closes the candidate only",
    act: (wire) => refusedCandidate(wire, "2"),
    expect: refusedAndOpen,
  },
  {
    title: "garbage closes the candidate only",
    act: (wire) => refusedCandidate(wire, "garbage"),
    expect: refusedAndOpen,
  },
  {
    title: "bytes close the candidate only",
    act: (wire) => refusedCandidate(wire, Buffer.from([1, 2])),
    expect: refusedAndOpen,
  },
  {
    title: "a message after the probe closes the candidate only",
    act: (wire) => refusedCandidate(wire, "2probe", '42["x"]'),
    expect: refusedAndOpen,
  },
  {
    title: "a candidate that goes away after the probe leaves the session on polling",
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      ws.close();
      await ws.closeCode();
      return await session.proveOpen();
    },
    expect: "open",
  },
  {
    title: "no 5 within upgradeTimeout: the candidate is closed, the session stays",
    options: { upgradeTimeout: 100 },
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      return [await ws.closeCode(), await session.proveOpen()];
    },
    expect: [1005, "open"],
  },
  {
    title: "a second candidate while the first probes is closed",
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      const second = session.candidate();
      const code = await second.closeCode();
      ws.send("5", '421["ask","first"]');
      return [code, await ws.text()];
    },
    expect: [1005, '431["first"]'],
  },
  {
    title: "a candidate for a session that was upgraded before is closed",
    act: async (wire) => {
      const { session, ws } = await upgraded(wire);
      const second = session.candidate();
      const code = await second.closeCode();
      ws.send('422["ask","first"]');
      return [code, await ws.text()];
    },
    expect: [1005, '432["first"]'],
  },
  {
    title: "a candidate after a failed one may succeed",
    act: async (wire) => {
      const session = await wire.polling();
      const bad = session.candidate();
      await bad.inbox.take("open");
      bad.send("x");
      await bad.closeCode();
      const good = session.candidate();
      await good.inbox.take("open");
      good.send("2probe");
      const answer = await good.text();
      good.send("5", '421["ask","good"]');
      return [answer, await good.text()];
    },
    expect: ["3probe", '431["good"]'],
  },
  {
    title: "a candidate for an unknown session is refused",
    act: async (wire) => {
      using tcp = await openTcp(wire.port);
      tcp.write(handshakeHead(`${BASE}&transport=websocket&sid=nobody`));
      return (await tcp.ended()).replaceAll(/^Date: .*\r\n/gm, "");
    },
    expect: upgradeRefusal("Session ID unknown"),
  },
  {
    title: "conn.close() between the probe and 5: the session ends for both",
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      const poll = await session.poll();
      ws.send("5");
      session.peer.socket.conn.close();
      return [poll.text, await session.closeReason(), await ws.closeCode()];
    },
    expect: ["6", "forced close", 1005],
  },
  {
    title: "the heartbeat does not wait for the end of a probe",
    options: { pingInterval: 100, pingTimeout: 100 },
    act: async (wire) => {
      const { session, ws } = await probed(wire);
      return [await session.closeReason(), await ws.closeCode()];
    },
    expect: ["ping timeout", 1005],
  },
  {
    title: "the heartbeat goes on over the new transport",
    options: { pingInterval: 100, pingTimeout: 1000 },
    act: async (wire) => {
      const { ws } = await upgraded(wire);
      const first = await ws.text();
      ws.send("3");
      return [first, await ws.text()];
    },
    expect: ["2", "2"],
  },
];

registerRows("upgrade", rows, webSocketServers);
