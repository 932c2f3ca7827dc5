// Requests over the network, byte by byte as they are made: a server on Node, in the same thread.

import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { Server } from "../../../hosts/node/src/index.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { mutatedBytes, mutatedText, NAMES, numberText, queryPart } from "../grammar.ts";
import { body4 } from "../packets.ts";
import type { Input, Outcome, Stage, Surface } from "../surface.ts";

// What is incomplete would be waited for.
const PATIENCE_MS = 40;

const PATHS = [
  "/socket.io/?",
  "/socket.io?",
  "/socket.io/socket.io.js?",
  "/other?",
  "/socket.io/../?",
] as const;
const HEADERS = [
  ...(["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Origin"] as const),
  ...(["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Cookie", "Content-Type"] as const),
  ...([
    "Transfer-Encoding",
    "Content-Length",
    "Accept-Encoding",
    "If-None-Match",
    "Expect",
  ] as const),
] as const;
const VALUES = [
  ...([
    "websocket",
    "Upgrade",
    "dGhlIHNhbXBsZSBub25jZQ==",
    "13",
    "chunked",
    "gzip",
    "close",
  ] as const),
  ...([
    "permessage-deflate; client_max_window_bits=99",
    "constructor",
    "100-continue",
    "x=y",
  ] as const),
] as const;

function query(random: SeededRandom): string {
  const parts = [
    `EIO=${random.pick(["4", "4", "3", "x"])}`,
    `transport=${random.pick(["polling", "websocket", "x"])}`,
  ];
  if (random.once(3)) parts.push(`sid=${queryPart(random.pick(NAMES))}`);
  if (random.once(4)) parts.push(`${queryPart(random.pick(NAMES))}=${numberText(random)}`);
  return parts.join("&");
}

function request(random: SeededRandom): Input {
  const isUpgrade = random.once(3);
  const isPost = !isUpgrade && random.once(2);
  const method = random.once(10)
    ? random.pick(["PUT", "OPTIONS", "HEAD", "BREW"])
    : isPost
      ? "POST"
      : "GET";
  const lines = [`${method} ${random.pick(PATHS)}${query(random)} HTTP/1.1`, "Host: x"];
  if (isUpgrade) {
    lines.push("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13");
    lines.push("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
  } else lines.push("Connection: close");
  while (random.once(3))
    lines.push(`${random.pick(HEADERS)}: ${random.pick(random.once(2) ? VALUES : NAMES)}`);
  const body = isPost ? body4(random) : "";
  if (isPost)
    lines.push(`Content-Length: ${random.once(10) ? numberText(random) : Buffer.byteLength(body)}`);
  const text = `${lines.join("\r\n")}\r\n\r\n${body}`;
  return [
    random.once(4)
      ? mutatedBytes(random, Buffer.from(text))
      : random.once(8)
        ? mutatedText(random, text)
        : text,
  ];
}

/** Sends bytes; resolves with what has come back when the answer has begun, or nothing is coming. */
async function answered(port: number, bytes: string | Uint8Array): Promise<Outcome> {
  const socket = connect(port, "127.0.0.1");
  const ended = new Promise<string>((resolve) => {
    socket.setTimeout(PATIENCE_MS, () => resolve(""));
    socket.once("data", (data) => resolve(data.toString("latin1")));
    socket.once("close", () => resolve(""));
    // A reset is an end as any other.
    socket.on("error", () => resolve(""));
  });
  socket.write(bytes);
  const answer = await ended;
  socket.destroy();
  return /^HTTP\/1\.1 (101|200|204|304)/.test(answer) ? "accepted" : "refused";
}

export const httpRequests: Surface = {
  name: "HTTP requests on Node",
  weight: 0.1,
  async open(): Promise<Stage> {
    const io = new Server(0, { allowEIO3: true, cors: { origin: "*" }, cookie: true });
    await once(io.httpServer, "listening");
    const { port } = io.httpServer.address() as AddressInfo;
    return {
      begin: () => ({ make: request, feed: ([bytes = ""]) => answered(port, bytes), end() {} }),
      end: () => io.close(),
    };
  },
};
