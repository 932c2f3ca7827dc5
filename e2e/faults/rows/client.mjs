// A malicious server against our client: what the client's process makes of it. The server under attack is not concerned.

import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { frame } from "@sockeye/testkit/black-box";
import { Child } from "../child.mjs";
import { pause } from "../wire.mjs";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPEN =
  '0{"sid":"E","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const plain = (payload, more = {}) => Buffer.from(frame({ payload, masked: false, ...more }));
const joined = [plain(OPEN), plain('40{"sid":"S","pid":"P"}')];

/** What servers say after the handshake of the WebSocket. */
const SCRIPTS = [
  [],
  [plain("0")],
  [plain("0{}")],
  [plain("0null")],
  [plain('0{"sid":{"toString":1},"pingInterval":1e999,"pingTimeout":-1}')],
  [plain(OPEN), plain(OPEN)],
  [plain(OPEN), plain("40")],
  [plain(OPEN), plain('40{"sid":{"toString":1}}')],
  [plain(OPEN), plain('44{"message":{"toString":1}}')],
  [plain(OPEN), plain('44{"message":null,"data":{"__proto__":1}}')],
  [...joined, plain('42["__proto__",{"__proto__":{"polluted":1}}]')],
  [...joined, plain('42["constructor"]')],
  [...joined, plain('42["connect"]')],
  [...joined, plain('42["disconnect"]')],
  [...joined, plain("43999[1]")],
  [...joined, plain('430["twice"]'), plain('430["twice"]')],
  [...joined, plain("43__proto__[1]")],
  [
    ...joined,
    plain('451-["x",{"_placeholder":true,"num":"splice"}]'),
    plain(new Uint8Array(1), { opcode: 2 }),
  ],
  [...joined, plain('45999999-["x"]')],
  [...joined, plain(new Uint8Array(8), { opcode: 2 })],
  [...joined, plain("b%%%")],
  [...joined, plain("7")],
  [...joined, plain(`42["x",${"[".repeat(100_000)}${"]".repeat(100_000)}]`)],
  [...joined, plain("42", { reserved: 4 })],
  [...joined, plain(Uint8Array.of(0x34, 0xff))],
  [...joined, Buffer.from(frame({ claim: 2n ** 63n, masked: false }))],
  [...joined, Buffer.from(frame({ opcode: 8, payload: Uint8Array.of(0, 1), masked: false }))],
  [...joined, ...Array.from({ length: 1000 }, () => plain("2"))],
];

const BODIES = [
  "",
  "x",
  "0",
  "0{",
  "null",
  "\u001e\u001e",
  "b%%%",
  "1",
  `${OPEN}\u001e44{"message":{"toString":1}}`,
];

/** Answers every request by the next of its bad answers. */
function respond(socket, request, at) {
  const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1];
  if (key === undefined) {
    const body = BODIES[at % BODIES.length];
    socket.end(
      `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
    return;
  }
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  const upgrade = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(upgrade), ...SCRIPTS[at % SCRIPTS.length]]));
}

export const clientRows = [
  {
    title: "a malicious server against our client",
    isOnlyOurs: "it is our client that is tried",
    async attack({ scale }) {
      let at = 0;
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", (data) => respond(socket, data.toString("latin1"), at++));
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const rounds = Math.max(1, Math.round(4 * scale));
      const count = rounds * (SCRIPTS.length + BODIES.length);
      const url = `http://127.0.0.1:${server.address().port}`;
      const client = new Child("victim.mjs", { url });
      const problems = [];
      try {
        await client.first;
        await client.ask("try", { count });
        await pause(500); // What is uncaught comes late.
        const { polluted, uncaught } = await client.ask("look");
        if (uncaught.length > 0) problems.push(`uncaught: ${uncaught[0]}`);
        if (polluted) problems.push("the prototype of all objects was changed");
      } catch (error) {
        problems.push(client.fault ?? String(error));
      } finally {
        await client.end();
        server.close();
      }
      return { inputs: at, survivors: "the client", problems };
    },
  },
];
