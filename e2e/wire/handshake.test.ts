// Opening a session: what is asked, what is answered, and what the options change in it.
import { answerOf } from "../kit/raw-http.ts";
import { handshakeHead, openTcp } from "../kit/raw-tcp.ts";
import { bare, matching, openPacket, pollAnswer, refusal } from "./answers.ts";
import { type Row, registerRows } from "./rows.ts";
import { BASE, type Wire } from "./wire.ts";

const POLLING = `${BASE}&transport=polling`;

const handshakeBy =
  (path: string, headers: Record<string, string> = {}) =>
  async (wire: Wire) =>
    answerOf(await wire.fetch({ path, headers }));

async function overWebSocket(wire: Wire, path = `${BASE}&transport=websocket`): Promise<unknown> {
  using tcp = await openTcp(wire.port);
  tcp.write(handshakeHead(path));
  await tcp.expect("\r\n\r\n");
  const [head = ""] = tcp.received.split("\r\n\r\n");
  const [status, ...headers] = head.split("\r\n");
  const ws = wire.websocket(path);
  return {
    status,
    headers: headers.map((line) => line.split(":")[0]?.toLowerCase()).sort(),
    first: await ws.text(),
  };
}

const rows: readonly Row[] = [
  {
    title: "by polling",
    act: handshakeBy(POLLING),
    expect: pollAnswer(matching(openPacket(["websocket"]))),
  },
  {
    title: "by polling: the length is stated",
    act: async (wire) => (await wire.fetch({ path: POLLING })).headers["content-length"],
    expect: "118",
  },
  {
    title: "by WebSocket",
    act: (wire) => overWebSocket(wire),
    expect: {
      status: "HTTP/1.1 101 Switching Protocols",
      headers: ["connection", "sec-websocket-accept", "upgrade"],
      first: matching(openPacket([])),
    },
  },
  {
    title: "allowUpgrades: false offers none",
    options: { allowUpgrades: false },
    act: handshakeBy(POLLING),
    expect: pollAnswer(matching(openPacket([]))),
  },
  {
    title: "a server without WebSocket offers none",
    options: { transports: ["polling"] },
    act: handshakeBy(POLLING),
    expect: pollAnswer(matching(openPacket([]))),
  },
  {
    title: "a server without polling refuses it",
    options: { transports: ["websocket"] },
    act: handshakeBy(POLLING),
    expect: refusal(0, "Transport unknown"),
  },
  {
    title: "the options are told to the client",
    options: { pingInterval: 1234, pingTimeout: 567, maxHttpBufferSize: 8910 },
    act: handshakeBy(POLLING),
    expect: pollAnswer(
      matching(
        openPacket(["websocket"], { pingInterval: 1234, pingTimeout: 567, maxPayload: 8910 }),
      ),
    ),
  },
  {
    title: "an initial packet follows in the same body",
    options: { initialPacket: "hello" },
    act: async (wire) => (await wire.fetch({ path: POLLING })).text.split("\u001e").slice(1),
    expect: ["4hello"],
  },
  {
    title: "an initial packet follows over WebSocket",
    options: { initialPacket: "hello" },
    act: async (wire) => {
      const ws = wire.websocket();
      return [(await ws.text()).charAt(0), await ws.text()];
    },
    expect: ["0", "4hello"],
  },
  {
    title: "cookie: true sets one at the first answer",
    options: { cookie: true },
    act: handshakeBy(POLLING),
    expect: pollAnswer(matching(openPacket(["websocket"])), {
      "set-cookie": [matching(/^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/)],
    }),
  },
  {
    title: "cookie: an object overrides the defaults",
    options: { cookie: { name: "session", httpOnly: false, sameSite: "strict", maxAge: 60 } },
    act: async (wire) => (await wire.fetch({ path: POLLING })).headers["set-cookie"],
    expect: [matching(/^session=[\w-]{20}; Max-Age=60; Path=\/; SameSite=Strict$/)],
  },
  {
    title: "a cookie is set neither later nor by WebSocket",
    options: { cookie: true },
    act: async (wire) => {
      const session = await wire.handshake();
      await session.post("40");
      const ws = wire.websocket();
      const [headers] = await ws.inbox.take("open");
      return [
        (await session.poll()).headers["set-cookie"],
        (headers as Record<string, unknown>)["set-cookie"],
      ];
    },
    expect: [undefined, undefined],
  },
  {
    title: "without cors, no such header is sent",
    act: handshakeBy(POLLING, { origin: "http://elsewhere.example" }),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "cors: its headers on every answer",
    options: { cors: { origin: "http://here.example", credentials: true } },
    act: handshakeBy(POLLING, { origin: "http://here.example" }),
    expect: pollAnswer(matching(/^0/), {
      "access-control-allow-origin": "http://here.example",
      "access-control-allow-credentials": "true",
      vary: "Origin",
    }),
  },
  {
    title: "cors: the preflight is answered",
    options: {
      cors: { origin: "http://here.example", methods: ["GET", "POST"], allowedHeaders: ["x-mine"] },
    },
    act: async (wire) =>
      answerOf(
        await wire.fetch({
          method: "OPTIONS",
          path: POLLING,
          headers: { origin: "http://here.example", "access-control-request-method": "POST" },
        }),
      ),
    expect: {
      status: 204,
      headers: {
        "access-control-allow-origin": "http://here.example",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "x-mine",
        vary: "Origin",
      },
      body: "",
    },
  },
  {
    title: "the path is a prefix",
    act: handshakeBy("/socket.io/anything?EIO=4&transport=polling"),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "without its trailing slash the path is not ours",
    act: handshakeBy("/socket.io?EIO=4&transport=polling"),
    expect: { status: 404, headers: {}, body: "not here" },
  },
  {
    title: "addTrailingSlash: false",
    options: { addTrailingSlash: false },
    act: handshakeBy("/socket.io?EIO=4&transport=polling"),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "another path is left to the HTTP server",
    act: handshakeBy("/other/?EIO=4&transport=polling"),
    expect: { status: 404, headers: {}, body: "not here" },
  },
  {
    title: "a path of one's own",
    options: { path: "/mine/" },
    act: handshakeBy("/mine/?EIO=4&transport=polling"),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "of repeated parameters the last counts",
    act: handshakeBy("/socket.io/?EIO=3&EIO=4&transport=websocket&transport=polling"),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "t and free parameters are ignored",
    act: handshakeBy(`${POLLING}&t=abc&__proto__=x&constructor=y&toString`),
    expect: pollAnswer(matching(/^0/)),
  },
  {
    title: "session ids differ, and do not tell the socket ids",
    act: async (wire) => {
      const sessions = [await wire.polling(), await wire.polling(), await wire.polling()];
      return new Set(sessions.flatMap((session) => [session.sid, session.peer.socket.id])).size;
    },
    expect: 6,
  },
  {
    title: "an upgrade on a foreign path is cut after destroyUpgradeTimeout",
    options: { destroyUpgradeTimeout: 50 },
    act: async (wire) => {
      using tcp = await openTcp(wire.port);
      tcp.write(handshakeHead("/other/"));
      return await tcp.ended();
    },
    expect: "",
  },
  {
    title: "a HEAD is no handshake",
    act: async (wire) => (await wire.fetch({ method: "HEAD", path: POLLING })).status,
    expect: bare(400).status,
  },
];

registerRows("handshake", rows);
