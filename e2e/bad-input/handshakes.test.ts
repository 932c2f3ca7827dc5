// WebSocket handshakes that are odd, forbidden or made to crash: each is refused, or taken as it stands.
import { handshakeHead } from "@sockeye/testkit/black-box";
import { expect } from "vitest";
import { openTcp, statusOf } from "../kit/raw-tcp.ts";
import { type Attack, BASE, registerAttacks } from "./arena.ts";

/** Writes a WebSocket handshake that must be refused. */
const refused = (title: string, path: string): Attack => ({
  title,
  act: (arena) => statusOf(arena.port, handshakeHead(path)),
  expect: "400",
});

const WEBSOCKET = `${BASE}&transport=websocket`;
const manyHeaders = Array.from({ length: 2000 }, () => "a:b");

const upgrades: readonly Attack[] = [
  {
    title: "two thousand headers and then the Upgrade",
    act: (arena) => {
      const [first = "", ...rest] = handshakeHead(WEBSOCKET).trimEnd().split("\r\n");
      return statusOf(arena.port, `${[first, ...manyHeaders, ...rest].join("\r\n")}\r\n\r\n`);
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
        arena.port,
        `GET ${WEBSOCKET} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      ),
    expect: "400",
  },
  {
    title: "a version from the drafts",
    act: (arena) =>
      statusOf(
        arena.port,
        `GET ${WEBSOCKET} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      ),
    expect: "400",
  },
  {
    title: "a POST that wants to upgrade",
    act: (arena) => statusOf(arena.port, handshakeHead(WEBSOCKET).replace("GET", "POST")),
    expect: "400",
  },
  {
    title: "broken extensions",
    act: (arena) =>
      statusOf(arena.port, handshakeHead(WEBSOCKET, ["Sec-WebSocket-Extensions: ;;=,"])),
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
        arena.port,
        handshakeHead(WEBSOCKET, [`Sec-WebSocket-Protocol: a${" ".repeat(10_000)}b`]),
      ),
    expect: "400",
  },
];

registerAttacks("bad WebSocket handshakes", upgrades);
