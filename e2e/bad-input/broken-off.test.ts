// Requests and handshakes that their client breaks off with a reset, at every stage.
import { handshakeHead } from "@sockeye/testkit/black-box";
import { openTcp } from "../kit/raw-tcp.ts";
import { type Arena, type Attack, BASE, registerAttacks } from "./arena.ts";

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
const post = (path: string, length: number, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

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

registerAttacks("requests broken off", stages);
