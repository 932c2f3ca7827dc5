// Bad HTTP on the port: garbage, odd handshakes, and requests broken off at every stage.
import { expect } from "vitest";
import { begin, fetchRaw } from "../kit/raw-http.ts";
import { handshakeHead, openTcp } from "../kit/raw-tcp.ts";
import { type Arena, type Attack, BASE, registerAttacks } from "./arena.ts";

/** Writes to a connection of its own: the status of the answer, or "cut" when there is none. */
async function statusOf(arena: Arena, bytes: string | Uint8Array): Promise<unknown> {
  using tcp = await openTcp(arena.port);
  tcp.write(bytes);
  const answer = await tcp.head();
  return /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? "cut";
}

/** Writes a complete request, whose connection the server is asked to close after the answer. */
const answered = (title: string, lines: readonly string[], status: string): Attack => ({
  title,
  act: (arena) =>
    statusOf(arena, `${[...lines, "Host: x", "Connection: close"].join("\r\n")}\r\n\r\n`),
  expect: status,
});

/** Writes a WebSocket handshake that must be refused. */
const refused = (title: string, path: string): Attack => ({
  title,
  act: (arena) => statusOf(arena, handshakeHead(path)),
  expect: "400",
});

/** Writes something and breaks the connection off, many times over. */
const brokenOff = (
  title: string,
  bytes: (arena: Arena) => Promise<string> | string,
  times = 20,
): Attack => ({
  title,
  act: async (arena) => {
    for (let n = 0; n < times; n++) {
      const tcp = await openTcp(arena.port);
      const head = await bytes(arena);
      if (n % 2 === 0) tcp.write(head);
      // Every second time the reset may overtake the answer by a turn of the event loop.
      else {
        tcp.write(head);
        await new Promise((resolve) => setImmediate(resolve));
      }
      tcp.reset();
    }
    return "done";
  },
  expect: "done",
});

const POLLING = `${BASE}&transport=polling`;
const WEBSOCKET = `${BASE}&transport=websocket`;
const CLIENT_HELLO = Buffer.from("16030100850100008103034f", "hex");
const manyHeaders = Array.from({ length: 2000 }, () => "a:b");
const post = (path: string, length: number, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

const garbage: readonly Attack[] = [
  {
    title: "random bytes",
    act: (arena) =>
      statusOf(arena, Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919 + 13) % 256))),
    expect: "400",
  },
  { title: "a TLS handshake", act: (arena) => statusOf(arena, CLIENT_HELLO), expect: "400" },
  {
    title: "an unknown method",
    act: (arena) => statusOf(arena, `BREW ${POLLING} HTTP/1.1\r\n\r\n`),
    expect: "400",
  },
  {
    title: "an HTTP version nobody speaks",
    act: (arena) => statusOf(arena, `GET ${POLLING} HTTP/7.3\r\n\r\n`),
    expect: "400",
  },
  {
    title: "no Host",
    act: (arena) => statusOf(arena, `GET ${POLLING} HTTP/1.1\r\n\r\n`),
    expect: "400",
  },
  answered("an upgrade to something else", [`GET ${POLLING} HTTP/1.1`, "Upgrade: h2c"], "200"),
  answered(
    "a header of 20,000 characters",
    [`GET ${POLLING} HTTP/1.1`, `x: ${"y".repeat(20_000)}`],
    "431",
  ),
  answered(
    "a URL of 20,000 characters",
    [`GET ${POLLING}&x=${"y".repeat(20_000)} HTTP/1.1`],
    "431",
  ),
  answered(
    "two thousand query parameters",
    [`GET ${POLLING}${"&a=b".repeat(2000)} HTTP/1.1`],
    "200",
  ),
  answered("broken percent encoding", [`GET ${POLLING}&x=%E0%A4%A&%=%&y=%zz HTTP/1.1`], "200"),
  answered("a session id that is an array", [`GET ${POLLING}&sid[]=a&sid[]=b HTTP/1.1`], "200"),
  answered(
    "repeated transports",
    [`GET ${POLLING}&transport=__proto__&transport=constructor HTTP/1.1`],
    "400",
  ),
  answered("repeated session ids", [`GET ${POLLING}&sid=a&sid=b HTTP/1.1`], "400"),
  answered(
    "a negative Content-Length",
    [`POST ${POLLING}&sid=x HTTP/1.1`, "Content-Length: -1"],
    "400",
  ),
  answered(
    "two Content-Lengths",
    [`POST ${POLLING}&sid=x HTTP/1.1`, "Content-Length: 1", "Content-Length: 2"],
    "400",
  ),
  {
    title: "broken chunks",
    act: (arena) =>
      statusOf(
        arena,
        `POST ${POLLING}&sid=x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnope\r\n`,
      ),
    expect: "400",
  },
  answered(
    "a file above the served ones",
    ["GET /socket.io/../../../package.json HTTP/1.1"],
    "400",
  ),
  answered(
    "a served name with a path behind it",
    ["GET /socket.io/socket.io.js/../../package.json HTTP/1.1"],
    "400",
  ),
  answered("a file that is not served", ["GET /socket.io/package.json HTTP/1.1"], "400"),
];

const upgrades: readonly Attack[] = [
  {
    title: "two thousand headers and then the Upgrade",
    act: (arena) => {
      const [first = "", ...rest] = handshakeHead(WEBSOCKET).trimEnd().split("\r\n");
      return statusOf(arena, `${[first, ...manyHeaders, ...rest].join("\r\n")}\r\n\r\n`);
    },
    expect: "400",
  },
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "polling&transport=valueOf"].map(
    (name) => refused(`transport=${name}`, `${BASE}&transport=${name}`),
  ),
  ...["__proto__", "constructor", "toString"].map((sid) =>
    refused(`sid=${sid}`, `${WEBSOCKET}&sid=${sid}`),
  ),
  {
    title: "no key",
    act: (arena) =>
      statusOf(
        arena,
        `GET ${WEBSOCKET} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      ),
    expect: "400",
  },
  {
    title: "a version from the drafts",
    act: (arena) =>
      statusOf(
        arena,
        `GET ${WEBSOCKET} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      ),
    expect: "400",
  },
  {
    title: "a POST that wants to upgrade",
    act: (arena) => statusOf(arena, handshakeHead(WEBSOCKET).replace("GET", "POST")),
    expect: "400",
  },
  {
    title: "broken extensions",
    act: (arena) => statusOf(arena, handshakeHead(WEBSOCKET, ["Sec-WebSocket-Extensions: ;;=,"])),
    expect: expect.toSatisfy((status) => status === "400" || status === "101"),
  },
  {
    title: "extensions called like members of every object are ignored",
    act: async (arena) => {
      using tcp = await openTcp(arena.port);
      tcp.write(
        handshakeHead(WEBSOCKET, ["Sec-WebSocket-Extensions: constructor, __proto__; toString=1"]),
      );
      return (await tcp.head()).slice(0, 12);
    },
    expect: "HTTP/1.1 101",
  },
  {
    title: "a protocol of ten thousand blanks is read in time",
    act: (arena) =>
      statusOf(
        arena,
        handshakeHead(WEBSOCKET, [`Sec-WebSocket-Protocol: a${" ".repeat(10_000)}b`]),
      ),
    expect: "400",
  },
];

const stages: readonly Attack[] = [
  brokenOff("a refused upgrade, reset", () => handshakeHead(`${WEBSOCKET}&sid=nobody`)),
  brokenOff("an upgrade with an unknown transport, reset", () =>
    handshakeHead(`${BASE}&transport=x`),
  ),
  brokenOff("an accepted upgrade, reset", () => handshakeHead(WEBSOCKET)),
  brokenOff(
    "a candidate for a session, reset",
    async (arena) => handshakeHead((await arena.pollingPath()).replace("polling", "websocket")),
    6,
  ),
  brokenOff("a handshake by polling, reset", () => `GET ${POLLING} HTTP/1.1\r\nHost: x\r\n\r\n`),
  brokenOff("half a request line, reset", () => "GET /socket.io/?EI"),
  brokenOff("half the headers, reset", () => `GET ${POLLING} HTTP/1.1\r\nHost: x\r\nAcc`),
  brokenOff(
    "a held GET, reset",
    async (arena) => `GET ${await arena.pollingPath()} HTTP/1.1\r\nHost: x\r\n\r\n`,
    6,
  ),
  brokenOff(
    "a POST without its body, reset",
    async (arena) => post(await arena.pollingPath(), 100, ""),
    6,
  ),
  brokenOff(
    "a POST with half its body, reset",
    async (arena) => post(await arena.pollingPath(), 100, '42["x'),
    6,
  ),
  brokenOff(
    "a POST with all its body, reset",
    async (arena) => post(await arena.pollingPath(), 6, '42["x"]'),
    6,
  ),
  brokenOff(
    "a POST over the limit, reset",
    async (arena) => post(await arena.pollingPath(), 5_000_000, "x".repeat(100_000)),
    6,
  ),
  brokenOff(
    "a POST of octet-stream, reset",
    async (arena) =>
      post(await arena.pollingPath(), 4, "abcd").replace(
        "\r\n\r\n",
        "\r\nContent-Type: application/octet-stream\r\n\r\n",
      ),
    6,
  ),
  brokenOff(
    "two POSTs in one segment, reset",
    async (arena) => post(await arena.pollingPath(), 2, "4x").repeat(2),
    6,
  ),
];

const bodies: readonly Attack[] = [
  {
    title: "a POST over maxHttpBufferSize",
    act: async (arena) =>
      (
        await fetchRaw(arena.port, {
          method: "POST",
          path: await arena.pollingPath(),
          body: "x".repeat(1_000_001),
        })
      ).status,
    expect: 413,
  },
  {
    title: "a POST that claims more than it may is answered before it is sent",
    act: async (arena) => {
      using tcp = await openTcp(arena.port);
      tcp.write(post(await arena.pollingPath(), 5_000_000_000, ""));
      return (await tcp.head()).slice(0, 12);
    },
    expect: "HTTP/1.1 413",
    onlyOurs: "it answers when the limit has been passed, not when it is certain to be",
  },
  {
    title: "a POST without end is cut at the limit",
    act: async (arena) => {
      const exchange = begin(arena.port, {
        method: "POST",
        path: await arena.pollingPath(),
        headers: { "transfer-encoding": "chunked" },
        body: "x".repeat(3_000_000),
      });
      return (await exchange.response).status;
    },
    expect: 413,
  },
  {
    title: "a hundred POSTs of octet-stream are all answered",
    act: async (arena) => {
      const statuses = new Set<number>();
      for (let n = 0; n < 100; n++) {
        const headers = { "content-type": "application/octet-stream" };
        statuses.add(
          (
            await fetchRaw(arena.port, {
              method: "POST",
              path: await arena.pollingPath(),
              headers,
              body: "abc",
            })
          ).status,
        );
      }
      return [...statuses];
    },
    expect: [400],
  },
  {
    title: "two GETs of one session in one segment",
    act: async (arena) => {
      using tcp = await openTcp(arena.port);
      const path = await arena.pollingPath();
      tcp.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\nGET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      return [...(await tcp.ended()).matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    },
    expect: ["200", "400"],
  },
];

registerAttacks("garbage over HTTP", garbage);
registerAttacks("bad WebSocket handshakes", upgrades);
registerAttacks("requests broken off", stages);
registerAttacks("bad bodies", bodies);
