// Bad HTTP on the port: garbage, odd requests, and bodies that are too large or of the wrong kind.
import { begin, fetchRaw } from "../kit/raw-http.ts";
import { openTcp, statusOf } from "../kit/raw-tcp.ts";
import { type Attack, BASE, registerAttacks } from "./arena.ts";

/** Writes a complete request, whose connection the server is asked to close after the answer. */
const answered = (title: string, lines: readonly string[], status: string): Attack => ({
  title,
  act: (arena) =>
    statusOf(arena.port, `${[...lines, "Host: x", "Connection: close"].join("\r\n")}\r\n\r\n`),
  expect: status,
});

const POLLING = `${BASE}&transport=polling`;
const CLIENT_HELLO = Buffer.from("16030100850100008103034f", "hex");

const garbage: readonly Attack[] = [
  {
    title: "random bytes",
    act: (arena) =>
      statusOf(
        arena.port,
        Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919 + 13) % 256)),
      ),
    expect: "400",
  },
  { title: "a TLS handshake", act: (arena) => statusOf(arena.port, CLIENT_HELLO), expect: "400" },
  {
    title: "an unknown method",
    act: (arena) => statusOf(arena.port, `BREW ${POLLING} HTTP/1.1\r\n\r\n`),
    expect: "400",
  },
  {
    title: "an HTTP version nobody speaks",
    act: (arena) => statusOf(arena.port, `GET ${POLLING} HTTP/7.3\r\n\r\n`),
    expect: "400",
  },
  {
    title: "no Host",
    act: (arena) => statusOf(arena.port, `GET ${POLLING} HTTP/1.1\r\n\r\n`),
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
        arena.port,
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
      const path = await arena.pollingPath();
      tcp.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000000\r\n\r\n`);
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
registerAttacks("bad bodies", bodies);
