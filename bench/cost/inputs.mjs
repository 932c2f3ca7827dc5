// What clients may send that costs more than it should, if anything does: each kind of input with a size that can be
// doubled. What is sent is made before it is measured, in the measuring process; the server's CPU counts.

import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { textFrame } from "../load/frames.mjs";
import {
  BINARY,
  chunkedHead,
  handshake,
  inChunks,
  inPieces,
  openSession,
  openWebSocket,
  TEXT,
  Wire,
} from "./wire.mjs";

/**
 * @typedef {object} Input
 * @property {string} name
 * @property {string} unit of `sizes`
 * @property {number[]} sizes each the double of the one before
 * @property {number} [times] how often it is sent in one measurement. Default 1
 * @property {object} [server] options of the server
 * @property {number} [most] how many times Socket.IO's CPU it may cost at the largest size
 * @property {(port: number, size: number, times: number) => Promise<void>} feed resolves when the server is done
 */

const KIB = 1024;
const HEADER_SIZES = [KIB, 2 * KIB, 4 * KIB, 8 * KIB];
const MESSAGE_SIZES = [128_000, 256_000, 512_000, 1_024_000];
const BODY_SIZES = [100_000, 200_000, 400_000, 800_000];
const LIMIT = { maxHttpBufferSize: 2_000_000 };
const DEFLATE = { perMessageDeflate: true, ...LIMIT };
const WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";
const EVENT = '42["none"]';
const ANNOUNCEMENT = textFrame('451-["none",{"_placeholder":true,"num":0}]');
const SEPARATOR = "\u001e";

/**
 * Requests one after the other, each over a connection of its own.
 * @param {number} port
 * @param {number} times
 * @param {string} request
 */
async function requests(port, times, request) {
  for (let count = 0; count < times; count++) {
    const wire = await Wire.open(port);
    wire.socket.write(request);
    await wire.until("HTTP/1.1 ");
    wire.end();
  }
}

/**
 * @param {string} name
 * @param {(size: number) => Record<string, string>} headers
 * @returns {Input}
 */
function header(name, headers) {
  const feed = (
    /** @type {number} */ port,
    /** @type {number} */ size,
    /** @type {number} */ times,
  ) => requests(port, times, handshake(WEBSOCKET, headers(size)));
  return { name: `header: ${name}`, unit: "bytes", sizes: HEADER_SIZES, times: 50, feed };
}

/** @param {number} size */
function text(size) {
  return Buffer.from(`42["none","${"x".repeat(size - 13)}"]`);
}

/**
 * A message in pieces of some bytes each.
 * @param {string} name
 * @param {{ opcode: number, piece: number, payload: (size: number) => Uint8Array, isCompressed?: boolean }} how
 * @returns {Input}
 */
function pieces(name, { payload, ...how }) {
  const headers = how.isCompressed
    ? { "Sec-WebSocket-Extensions": "permessage-deflate; server_no_context_takeover" }
    : {};
  return {
    name: `WebSocket: ${name}`,
    unit: "bytes",
    sizes: MESSAGE_SIZES.map((size) => size * Math.min(1, how.piece / 64)),
    times: 3,
    server: how.isCompressed ? DEFLATE : LIMIT,
    // That many small pieces are also what the server of `ws` below Socket.IO takes.
    most: 3,
    async feed(port, size, times) {
      const message = inPieces(payload(size), how);
      // Bytes are only expected by a packet that announces them.
      const bytes = how.opcode === BINARY ? Buffer.concat([ANNOUNCEMENT, message]) : message;
      const wire = await openWebSocket(port, /** @type {Record<string, string>} */ (headers));
      for (let count = 0; count < times; count++) {
        wire.socket.write(bytes);
        await wire.fence();
      }
      wire.end();
    },
  };
}

/**
 * A message, or several, in frames of their own.
 * @param {string} name
 * @param {string} unit
 * @param {{ sizes: number[], frames: (size: number) => Buffer }} how
 * @returns {Input}
 */
function frames(name, unit, { frames: make, sizes }) {
  return {
    name: `WebSocket: ${name}`,
    unit,
    sizes,
    times: 3,
    server: LIMIT,
    async feed(port, size, times) {
      const bytes = make(size);
      const wire = await openWebSocket(port);
      for (let count = 0; count < times; count++) {
        wire.socket.write(bytes);
        await wire.fence();
      }
      wire.end();
    },
  };
}

/**
 * A body of a POST.
 * @param {string} name
 * @param {(size: number) => string} make
 * @param {boolean} isChunked
 * @returns {Input}
 */
function body(name, make, isChunked) {
  return {
    name: `polling: ${name}`,
    unit: "bytes",
    sizes: BODY_SIZES,
    server: LIMIT,
    async feed(port, size) {
      const path = await openSession(port);
      const wire = await Wire.open(port);
      const content = make(size);
      if (isChunked)
        wire.socket.write(
          Buffer.concat([
            Buffer.from(chunkedHead(path)),
            inChunks(content),
            Buffer.from("0\r\n\r\n"),
          ]),
        );
      else
        wire.socket.write(
          `POST ${path} HTTP/1.1\r\nHost: here\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
        );
      await wire.until("HTTP/1.1 200");
      wire.end();
    },
  };
}

/** @param {number} depth */
function nested(depth) {
  return "[".repeat(depth) + "]".repeat(depth);
}

/** @param {number} count */
function attachments(count) {
  const holders = Array.from({ length: 8 }, (_, num) => `{"_placeholder":true,"num":${num}}`);
  const packet = textFrame(`458-["none",${holders.join()}]`);
  const bytes = inPieces(randomBytes(64), { opcode: BINARY, piece: 64 });
  const one = Buffer.concat([packet, ...holders.map(() => bytes)]);
  return Buffer.concat(Array.from({ length: count / 8 }, () => one));
}

/** @param {number} size */
function deflated(size) {
  // Hexadecimal digits take half of their size.
  const packed = deflateRawSync(
    Buffer.from(`42["none","${randomBytes(size >> 1).toString("hex")}"]`),
    {
      finishFlush: 2,
    },
  );
  return packed.subarray(0, -4);
}

/** @type {Input[]} */
export const inputs = [
  header("sub-protocols, blanks within one", (size) => ({
    "Sec-WebSocket-Protocol": `a${" ".repeat(size - 2)}b`,
  })),
  header("sub-protocols, many", (size) => ({
    "Sec-WebSocket-Protocol": Array.from({ length: size / 4 }, (_, n) => n.toString(36)).join(),
  })),
  header("extensions", (size) => ({ "Sec-WebSocket-Extensions": "a; b=1, ".repeat(size / 8) })),
  header("cookie", (size) => ({ Cookie: "a=b; ".repeat(size / 5) })),
  header("origin", (size) => ({ Origin: `http://${" \t".repeat(size / 2 - 4)}x` })),
  header("upgrade", (size) => ({ Upgrade: `websocket${" \t".repeat(size / 2 - 5)}x` })),
  header("many, of one name", (size) =>
    Object.fromEntries(
      Array.from({ length: size / 8 }, (_, n) => [
        n % 2 === 0 ? "X-A".padEnd(3 + (n >> 1), "b") : `Y${n}`,
        "1",
      ]).slice(0, size / 16),
    ),
  ),
  {
    name: "header: user-agent, over polling",
    unit: "bytes",
    sizes: HEADER_SIZES,
    times: 50,
    feed: (port, size, times) =>
      requests(
        port,
        times,
        `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: here\r\nUser-Agent: ${";MSIE Trident".repeat(size / 13)}\r\n\r\n`,
      ),
  },
  {
    name: "header: accept-encoding, of a client file",
    unit: "bytes",
    sizes: HEADER_SIZES,
    times: 50,
    feed: (port, size, times) =>
      requests(
        port,
        times,
        `GET /socket.io/socket.io.js HTTP/1.1\r\nHost: here\r\nAccept-Encoding: ${"x;q=0 , ".repeat(size / 8)}\r\n\r\n`,
      ),
  },
  {
    name: "URL: query",
    unit: "bytes",
    sizes: HEADER_SIZES,
    times: 50,
    feed: (port, size, times) =>
      requests(
        port,
        times,
        `GET /socket.io/?EIO=4&transport=polling${"&a=%20".repeat(size / 6)} HTTP/1.1\r\nHost: here\r\n\r\n`,
      ),
  },
  {
    name: "handshakes that are refused",
    unit: "handshakes",
    sizes: [250, 500, 1000, 2000],
    feed: (port, size) => requests(port, size, handshake("/socket.io/?EIO=4&transport=none")),
  },
  {
    name: "client file, compressed",
    unit: "requests",
    // Each costs Socket.IO a third of a second: it compresses at the highest level every time.
    sizes: [4, 8, 16, 32],
    most: 1,
    feed: (port, size) =>
      requests(
        port,
        size,
        "GET /socket.io/socket.io.js HTTP/1.1\r\nHost: here\r\nAccept-Encoding: br\r\n\r\n",
      ),
  },
  pieces("text in pieces of 64 bytes", { opcode: TEXT, piece: 64, payload: text }),
  pieces("bytes in pieces of 64 bytes", {
    opcode: BINARY,
    piece: 64,
    payload: (size) => Buffer.alloc(size, 1),
  }),
  pieces("text in pieces of one byte", { opcode: TEXT, piece: 1, payload: text }),
  pieces("deflated text in pieces of 64 bytes", {
    ...{ opcode: TEXT, piece: 64, isCompressed: true },
    payload: deflated,
  }),
  frames("packets, each in a frame", "packets", {
    sizes: [2500, 5000, 10_000, 20_000],
    frames: (size) => Buffer.concat(Array.from({ length: size }, () => textFrame(EVENT))),
  }),
  frames("attachments", "attachments", { sizes: [1000, 2000, 4000, 8000], frames: attachments }),
  frames("nested data", "bytes", {
    // Beyond, V8's collection of so many arrays is what is measured.
    sizes: [12_500, 25_000, 50_000, 100_000],
    frames: (size) => textFrame(`42["none"${`,${nested(500)}`.repeat(size / 1001)}]`),
  }),
  frames("keys of one object", "bytes", {
    sizes: BODY_SIZES,
    frames: (size) =>
      textFrame(
        `42["none",${JSON.stringify(Object.fromEntries(Array.from({ length: size / 10 }, (_, n) => [n, 1])))}]`,
      ),
  }),
  body("a body in chunks of one byte", (size) => text(size).toString("latin1"), true),
  body(
    "packets in one body",
    (size) => Array.from({ length: size / 11 }, () => EVENT).join(SEPARATOR),
    false,
  ),
  body("separators only", (size) => `${EVENT}${SEPARATOR}`.padEnd(size, "6\u001e"), false),
];
