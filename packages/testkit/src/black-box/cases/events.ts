// Events both ways, volatile ones, rooms and broadcasts, acknowledgements.

import { handshakeHead } from "../answers.ts";
import { type Bench, type JoinedWebSocket, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import { bytes, callback } from "../plain.ts";
import { frame } from "../web-socket-frame.ts";

/** Joins some clients over WebSocket. */
async function crowd(bench: Bench, count: number): Promise<JoinedWebSocket[]> {
  const members: JoinedWebSocket[] = [];
  while (members.length < count) members.push(await bench.joined());
  return members;
}

/** What each client is sent up to an end mark that all are sent. */
async function received(bench: Bench, members: readonly JoinedWebSocket[]): Promise<string[][]> {
  await bench.call("io", ["emit", "end"]);
  return await Promise.all(
    members.map(async ({ ws }) => {
      const got: string[] = [];
      for (;;) {
        const frame = await ws.text();
        if (frame === '42["end"]') return got;
        got.push(frame);
      }
    }),
  );
}

const plainEvents: readonly BlackBoxCase[] = [
  {
    id: "order",
    title: "events arrive in order, both ways",
    rules: ["SO17"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      for (let n = 0; n < 50; n++) ws.send(`42["up",${n}]`);
      const up: unknown[] = [];
      while (up.length < 50) up.push((await bench.heardOf(id, "up"))[0]);
      for (let n = 0; n < 50; n++) void bench.socket(id, ["emit", "down", n]);
      const down: string[] = [];
      while (down.length < 50) down.push(await ws.text());
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      return [
        String(up) === String(numbers),
        String(down) === String(numbers.map((n) => `42["down",${n}]`)),
      ];
    },
    expected: [true, true],
  },
  {
    id: "over-both",
    title: "an event reaches clients on either transport with the same content",
    rules: ["SO36"],
    async run(bench) {
      const { ws } = await bench.joined();
      const session = await bench.polling();
      await bench.call("io", ["emit", "x", { a: [1, "é🙂", null] }, bytes(1, 2, 3, 4)]);
      const frames = [await ws.text(), [...(await ws.binary())]];
      return [frames, (await session.poll()).text.split("\u001e")];
    },
    expected: [
      ['451-["x",{"a":[1,"é🙂",null]},{"_placeholder":true,"num":0}]', [1, 2, 3, 4]],
      ['451-["x",{"a":[1,"é🙂",null]},{"_placeholder":true,"num":0}]', "bAQIDBA=="],
    ],
  },
  {
    id: "large",
    title: "half a megabyte of text and of bytes, both ways",
    rules: ["SO17", "WS1"],
    async run(bench) {
      const { ws } = await bench.joined();
      const text = "é".repeat(250_000);
      ws.send(`421["ask",${JSON.stringify(text)}]`);
      const answer = await ws.text();
      ws.send('451-2["ask",{"_placeholder":true,"num":0}]', new Uint8Array(500_000).fill(7));
      const head = await ws.text();
      const back = await ws.binary();
      return [answer.length, head, back.byteLength, back.every((byte) => byte === 7)];
    },
    expected: [250_007, '461-2[{"_placeholder":true,"num":0}]', 500_000, true],
  },
  {
    id: "pieces",
    title: "a message in pieces with a ping between them; the ping is answered",
    rules: ["WS5", "WS12"],
    async run(bench) {
      using tcp = await bench.clients.openTcp(bench.port);
      tcp.write(handshakeHead(WEBSOCKET));
      await tcp.head();
      tcp.write(frame({ payload: "40" }));
      await tcp.expect('40{"sid"');
      tcp.write(frame({ payload: '421["ask",', fin: false }));
      tcp.write(frame({ opcode: 9, payload: "hi" }));
      await tcp.expect("\u008a\u0002hi");
      tcp.write(frame({ opcode: 0, payload: '"x', fin: false }));
      tcp.write(frame({ opcode: 0, payload: '"]' }));
      await tcp.expect('431["x"]');
      return "read";
    },
    expected: "read",
  },
  {
    id: "volatile-websocket",
    title: "a volatile event over WebSocket is sent when nothing waits",
    rules: ["SO32", "SO33"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, "volatile", ["emit", "v"]);
      await bench.socket(id, ["emit", "after"]);
      return [await ws.text(), await ws.text()];
    },
    expected: ['42["v"]', '42["after"]'],
  },
  {
    id: "volatile-polling",
    title: "a volatile event is dropped when no poll waits, and regular ones are not",
    rules: ["SO32", "SO33"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["emit", "before"]);
      await bench.socket(session.id, "volatile", ["emit", "v"]);
      await bench.socket(session.id, ["emit", "after"]);
      return (await session.poll()).text.split("\u001e");
    },
    expected: ['42["before"]', '42["after"]'],
  },
  {
    id: "volatile-poll",
    title: "a volatile event answers a poll that waits",
    rules: ["SO32"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      await bench.socket(session.id, "volatile", ["emit", "v"]);
      return (await poll.response).text;
    },
    expected: '42["v"]',
  },
];

const rooms: readonly BlackBoxCase[] = [
  {
    id: "all",
    title: "to all, to all but one, to one",
    rules: ["SO34", "SO40"],
    async run(bench) {
      const members = await crowd(bench, 3);
      const [first, second] = members as [JoinedWebSocket, JoinedWebSocket, JoinedWebSocket];
      await bench.call("io", ["emit", "all"]);
      await bench.socket(first.id, "broadcast", ["emit", "others"]);
      await bench.call("io", ["to", second.id], ["emit", "one"]);
      return await received(bench, members);
    },
    expected: [
      ['42["all"]'],
      ['42["all"]', '42["others"]', '42["one"]'],
      ['42["all"]', '42["others"]'],
    ],
  },
  {
    id: "union",
    title: "the union of rooms, each socket once, without exceptions",
    rules: ["SO34", "SO35"],
    async run(bench) {
      const members = await crowd(bench, 4);
      const [a, b, c] = members.map(({ id }) => id) as [string, string, string, string];
      await bench.socket(a, ["join", ["one", "two"]]);
      await bench.socket(b, ["join", "one"]);
      await bench.socket(c, ["join", ["two", "out"]]);
      await bench.call("io", ["to", "one"], ["to", "two"], ["emit", "both"]);
      await bench.call("io", ["to", ["one", "two"]], ["except", "out"], ["emit", "some"]);
      await bench.socket(a, ["to", "one"], ["emit", "mine"]);
      return await received(bench, members);
    },
    expected: [
      ['42["both"]', '42["some"]'],
      ['42["both"]', '42["some"]', '42["mine"]'],
      ['42["both"]'],
      [],
    ],
  },
  {
    id: "leave",
    title: "who has left a room is not sent what goes there; a room of no members is no error",
    rules: ["SO40"],
    async run(bench) {
      const members = await crowd(bench, 2);
      for (const { id } of members) await bench.socket(id, ["join", "r"]);
      await bench.socket(members[0]?.id ?? "", ["leave", "r"]);
      await bench.call("io", ["to", "r"], ["emit", "x"]);
      await bench.call("io", ["to", "none"], ["emit", "y"]);
      return await received(bench, members);
    },
    expected: [[], ['42["x"]']],
  },
  {
    id: "disconnecting",
    title: "a socket is in its rooms while disconnecting is raised",
    rules: ["SO49"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["join", "r"]);
      ws.close();
      const [reason, inside] = await bench.heardOf(id, "disconnecting");
      return [reason, (inside as string[]).map((room) => (room === id ? "ID" : room))];
    },
    expected: ["transport close", ["ID", "r"]],
  },
  {
    id: "move",
    title: "socketsJoin, socketsLeave and fetchSockets",
    rules: ["SO42", "SO43"],
    async run(bench) {
      const members = await crowd(bench, 3);
      await bench.socket(members[0]?.id ?? "", ["join", "r"]);
      await bench.call("io", ["in", "r"], ["socketsJoin", "s"]);
      await bench.call("io", ["socketsJoin", "t"]);
      await bench.call("io", ["in", "r"], ["socketsLeave", "t"]);
      await bench.call("io", ["to", "s"], ["emit", "s"]);
      await bench.call("io", ["to", "t"], ["emit", "t"]);
      const counted = await bench.call("io", ["in", "t"], ["fetchSockets"], "length");
      return [await received(bench, members), counted];
    },
    expected: [[['42["s"]'], ['42["t"]'], ['42["t"]']], 2],
  },
  {
    id: "disconnect-sockets",
    title: "disconnectSockets ends those that it addresses",
    rules: ["SO44"],
    async run(bench) {
      const members = await crowd(bench, 2);
      const [first, second] = members as [JoinedWebSocket, JoinedWebSocket];
      await bench.socket(first.id, ["join", "r"]);
      await bench.call("io", ["in", "r"], ["disconnectSockets", true]);
      const ended = [await first.ws.text(), await first.ws.closeCode()];
      second.ws.send('421["ask"]');
      return [ended, await bench.reason(first.id), await second.ws.text()];
    },
    expected: [["41", 1005], "server namespace disconnect", "431[]"],
  },
];

const acks: readonly BlackBoxCase[] = [
  {
    id: "to-client",
    title: "the server asks, the client answers",
    rules: ["SO26"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["emit", "q", 1, callback("answered")]);
      const question = await ws.text();
      ws.send('430["yes",{"a":1}]');
      return [question, await bench.heard("answered")];
    },
    expected: ['420["q",1]', ["yes", { a: 1 }]],
  },
  {
    id: "bytes",
    title: "bytes in the answer of a client",
    rules: ["SO26", "PR21"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["emit", "q", callback("answered")]);
      await ws.text();
      ws.send('461-0[{"_placeholder":true,"num":0}]', Uint8Array.of(9, 8));
      return await bench.heard("answered");
    },
    expected: [bytes(9, 8)],
  },
  {
    id: "polling",
    title: "both ways over polling",
    rules: ["SO26", "SO31"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["emit", "q", callback("answered")]);
      const question = (await session.poll()).text;
      await session.post('430["yes"]\u001e427["ask","back"]');
      return [question, await bench.heard("answered"), (await session.poll()).text];
    },
    expected: ['420["q"]', ["yes"], '437["back"]'],
  },
  {
    id: "timeout",
    title: "no answer in time",
    rules: ["SO28"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["timeout", 30], ["emit", "q", callback("answered")]);
      const answer = await bench.heard("answered");
      ws.send('430["late"]', '421["ask"]');
      await ws.text();
      return [answer, await ws.text(), await bench.heardSoFar()].slice(0, 2);
    },
    expected: [["operation has timed out"], "431[]"],
  },
  {
    id: "in-time",
    title: "an answer in time comes after an empty error",
    rules: ["SO28"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["timeout", 5000], ["emit", "q", callback("answered")]);
      await ws.text();
      ws.send('430["yes"]');
      return await bench.heard("answered");
    },
    expected: [null, "yes"],
  },
  {
    id: "promise",
    title: "emitWithAck resolves with the answer",
    rules: ["SO26"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      const asked = bench.socket(id, ["timeout", 5000], ["emitWithAck", "q"]);
      await ws.text();
      ws.send('430["yes"]');
      return await asked;
    },
    expected: "yes",
  },
  {
    id: "broadcast",
    title: "a broadcast collects the answers of all",
    rules: ["SO37"],
    async run(bench) {
      const members = await crowd(bench, 3);
      const asked = bench.call("io", ["timeout", 5000], ["emitWithAck", "q"]);
      for (const [n, { ws }] of members.entries()) {
        const question = await ws.text();
        ws.send(`43${/^42(\d+)/.exec(question)?.[1]}[${n}]`);
      }
      return [...((await asked) as number[])].sort();
    },
    expected: [0, 1, 2],
  },
  {
    id: "broadcast-timeout",
    title: "a broadcast that one client does not answer: the error, and the answers so far",
    rules: ["SO38"],
    async run(bench) {
      const members = await crowd(bench, 2);
      await bench.call("io", ["timeout", 100], ["emit", "q", callback("answered")]);
      const [first, second] = members as [JoinedWebSocket, JoinedWebSocket];
      const question = await first.ws.text();
      await second.ws.text();
      first.ws.send(`43${/^42(\d+)/.exec(question)?.[1]}["one"]`);
      return await bench.heard("answered");
    },
    expected: ["operation has timed out", ["one"]],
  },
  {
    id: "disconnected",
    title: "a client that leaves: the callback with a time-out is called with an error",
    rules: ["SO30"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      await bench.socket(id, ["timeout", 400], ["emit", "q", callback("answered")]);
      await ws.text();
      ws.close();
      return await bench.heard("answered");
    },
    expected: ["socket has been disconnected"],
    control: {
      expected: ["operation has timed out"],
      reason: "it lets the application wait for the time-out",
    },
  },
];

export const events: Chapter = { feature: "events", cases: plainEvents };
export const roomCases: Chapter = { feature: "rooms", cases: rooms };
export const ackCases: Chapter = { feature: "acks", cases: acks };
