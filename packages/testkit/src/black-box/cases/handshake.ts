// Opening a session: the responses, and what options change in them.

import {
  answerOf,
  handshakeHead,
  openPacket,
  pollAnswer,
  refusal,
  withoutIds,
} from "../answers.ts";
import { BASE, type Bench, POLLING, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

/** A GET, reduced to what is compared. */
const handshakeBy =
  (path: string = POLLING, headers: Readonly<Record<string, string>> = {}) =>
  async (bench: Bench) =>
    answerOf(await bench.fetch({ path, headers }));

const opened = pollAnswer(openPacket(["websocket"]));

/** The handshake over WebSocket: status line, names of headers, first frame. */
async function overWebSocket(bench: Bench): Promise<unknown> {
  using tcp = await bench.clients.openTcp(bench.port);
  tcp.write(handshakeHead(WEBSOCKET));
  const [head = ""] = (await tcp.head()).split("\r\n\r\n");
  const [status, ...headers] = head.split("\r\n");
  const names = headers.map((line) => line.split(":")[0]?.toLowerCase() ?? "");
  return {
    status,
    headers: names.filter((name) => !["date", "uwebsockets"].includes(name)).sort(),
    accept: headers.find((line) => /^sec-websocket-accept/i.test(line))?.split(": ")[1],
    first: withoutIds(await bench.websocket().text()),
  };
}

/** The extension that the server agrees to. */
async function extensionsOf(bench: Bench): Promise<unknown> {
  using tcp = await bench.clients.openTcp(bench.port);
  tcp.write(
    handshakeHead(WEBSOCKET, [
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    ]),
  );
  return /^sec-websocket-extensions: ([\w-]+)/im.exec(await tcp.head())?.[1] ?? null;
}

const cases: readonly BlackBoxCase[] = [
  {
    id: "polling",
    title: "by polling",
    rules: ["EN1", "EN3", "EN4"],
    run: handshakeBy(),
    expected: opened,
  },
  {
    id: "length",
    title: "by polling: the length is stated",
    rules: ["EN1"],
    run: async (bench) => (await bench.fetch({ path: POLLING })).headers["content-length"],
    expected: "118",
  },
  {
    id: "websocket",
    title: "by WebSocket",
    rules: ["EN2"],
    run: overWebSocket,
    expected: {
      status: "HTTP/1.1 101 Switching Protocols",
      headers: ["connection", "sec-websocket-accept", "upgrade"],
      accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      first: openPacket([]),
    },
  },
  {
    id: "no-message-compression",
    title: "no extension is negotiated by default",
    rules: ["NH36"],
    run: extensionsOf,
    expected: null,
  },
  {
    id: "message-compression",
    title: "perMessageDeflate: true negotiates compression",
    rules: ["NH36", "WS18"],
    needs: ["message compression"],
    options: { perMessageDeflate: true },
    run: extensionsOf,
    expected: "permessage-deflate",
  },
  {
    id: "sub-protocol",
    title: "the first of the offered sub-protocols is chosen",
    rules: ["WS17"],
    async run(bench) {
      using tcp = await bench.clients.openTcp(bench.port);
      tcp.write(handshakeHead(WEBSOCKET, ["Sec-WebSocket-Protocol: one, two"]));
      return /^sec-websocket-protocol: (.*)$/im.exec(await tcp.head())?.[1]?.trim();
    },
    expected: "one",
  },
  {
    id: "no-upgrades",
    title: "allowUpgrades: false offers none",
    rules: ["EN3"],
    options: { allowUpgrades: false },
    run: handshakeBy(),
    expected: pollAnswer(openPacket([])),
  },
  {
    id: "no-websocket",
    title: "a server without WebSocket offers none",
    rules: ["EN3"],
    options: { transports: ["polling"] },
    run: handshakeBy(),
    expected: pollAnswer(openPacket([])),
  },
  {
    id: "no-polling",
    title: "a server without polling refuses it",
    rules: ["EN30"],
    options: { transports: ["websocket"] },
    run: handshakeBy(),
    expected: refusal(0, "Transport unknown"),
  },
  {
    id: "timing",
    title: "the options are told to the client",
    rules: ["EN1"],
    options: { pingInterval: 1234, pingTimeout: 567, maxHttpBufferSize: 8910 },
    run: handshakeBy(),
    expected: pollAnswer(
      openPacket(["websocket"], { pingInterval: 1234, pingTimeout: 567, maxPayload: 8910 }),
    ),
  },
  {
    id: "initial-packet",
    title: "an initial packet follows in the same body",
    rules: ["EN5"],
    options: { initialPacket: "hello" },
    run: async (bench) => (await bench.fetch({ path: POLLING })).text.split("\u001e").slice(1),
    expected: ["4hello"],
  },
  {
    id: "initial-frame",
    title: "an initial packet follows over WebSocket",
    rules: ["EN5"],
    options: { initialPacket: "hello" },
    async run(bench) {
      const ws = bench.websocket();
      return [(await ws.text()).charAt(0), await ws.text()];
    },
    expected: ["0", "4hello"],
  },
  {
    id: "repeated-parameters",
    title: "of repeated parameters the last counts",
    rules: ["EN6"],
    run: handshakeBy("/socket.io/?EIO=3&EIO=4&transport=websocket&transport=polling"),
    expected: opened,
  },
  {
    id: "free-parameters",
    title: "t and free parameters are ignored",
    rules: ["EN6"],
    run: handshakeBy(`${POLLING}&t=abc&__proto__=x&constructor=y&toString`),
    expected: opened,
  },
  {
    id: "empty-sid",
    title: "an empty sid is none",
    rules: ["EN6"],
    run: handshakeBy(`${POLLING}&sid=`),
    expected: opened,
  },
  {
    id: "ids",
    title: "session ids differ, and do not tell the socket ids",
    rules: ["EN4", "SO4"],
    async run(bench) {
      const sessions = [await bench.polling(), await bench.polling(), await bench.polling()];
      return new Set(sessions.flatMap(({ sid, id }) => [sid, id])).size;
    },
    expected: 6,
  },
  {
    id: "random-ids",
    title: "no two ids of 64 begin alike, and no character stands still",
    rules: ["EN4"],
    async run(bench) {
      const starts: string[] = [];
      while (starts.length < 64) starts.push((await bench.handshake()).sid.slice(0, 16));
      const places = [...(starts[0] ?? "")].map(
        (_, at) => new Set(starts.map((start) => start[at])).size > 16,
      );
      return [new Set(starts).size, new Set(places)];
    },
    expected: [64, new Set([true])],
  },
  {
    id: "head",
    title: "a HEAD is no handshake",
    rules: ["EN32"],
    run: async (bench) => (await bench.fetch({ method: "HEAD", path: POLLING })).status,
    expected: 400,
  },
  {
    id: "internet-explorer",
    title: "Internet Explorer is told not to sniff for scripts",
    rules: ["EG18"],
    run: async (bench) =>
      (
        await bench.fetch({
          path: `${BASE}&transport=polling`,
          headers: { "user-agent": "Mozilla/5.0 (compatible;MSIE 10.0)" },
        })
      ).headers["x-xss-protection"],
    expected: "0",
  },
];

export const handshake: Chapter = { feature: "handshake", cases };
