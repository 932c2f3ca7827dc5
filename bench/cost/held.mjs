// What a server holds of input that is not finished: memory against the bytes that have come, and descriptors of
// connections that it has turned down.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { maskedFrame } from "../load/frames.mjs";
import { startTarget } from "../one-run.mjs";
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

const CLIENTS = 8;
const LIMIT = { maxHttpBufferSize: 1_000_000 };

/**
 * @typedef {object} Unfinished
 * @property {string} name
 * @property {object} [server]
 * @property {(port: number) => Promise<{ wire: Wire, bytes: number }>} begin sends some bytes, and not the end
 */

/**
 * @param {number} port
 * @param {Buffer} bytes
 * @param {Record<string, string>} [headers]
 */
async function overWebSocket(port, bytes, headers = {}) {
  const wire = await openWebSocket(port, headers);
  wire.socket.write(bytes);
  await wire.fence();
  return wire;
}

/** @type {Unfinished[]} */
const unfinished = [
  ...[TEXT, BINARY].flatMap((opcode) =>
    [64, 61_000].map((piece) => ({
      name: `${opcode === TEXT ? "text" : "bytes"} in pieces of ${piece} bytes`,
      server: LIMIT,
      async begin(/** @type {number} */ port) {
        const bytes = Math.min(950_000, 16_000 * piece);
        const sent = inPieces(Buffer.alloc(bytes, "x"), { opcode, piece, isOpen: true });
        return { wire: await overWebSocket(port, sent), bytes };
      },
    })),
  ),
  {
    name: "deflated text in pieces of 64 bytes",
    server: { ...LIMIT, perMessageDeflate: true },
    async begin(port) {
      const packed = deflateRawSync(Buffer.from(randomBytes(450_000).toString("hex")));
      const sent = inPieces(packed, { opcode: TEXT, piece: 64, isCompressed: true, isOpen: true });
      const headers = {
        "Sec-WebSocket-Extensions": "permessage-deflate; server_no_context_takeover",
      };
      return { wire: await overWebSocket(port, sent, headers), bytes: 900_000 };
    },
  },
  {
    name: "a frame of 950,000 bytes, 30,000 of which have come",
    server: LIMIT,
    async begin(port) {
      const frame = maskedFrame(TEXT, Buffer.alloc(950_000, "x"), randomBytes(4)).bytes;
      const wire = await openWebSocket(port);
      wire.socket.write(frame.subarray(0, 30_000));
      // Nothing is answered in the middle of a frame: another connection's answer comes later than this was read.
      (await openWebSocket(port)).end();
      return { wire, bytes: 30_000 };
    },
  },
  {
    name: "a body in chunks of one byte",
    server: LIMIT,
    async begin(port) {
      const path = await openSession(port);
      const wire = await Wire.open(port);
      const bytes = 900_000;
      wire.socket.write(chunkedHead(path));
      wire.socket.write(inChunks("x".repeat(bytes)));
      if (wire.socket.writableLength > 0) await once(wire.socket, "drain");
      return { wire, bytes };
    },
  },
];

/** @param {import("../kit/child.mjs").Child} child */
async function heldBytes(child) {
  const { heapUsed, external } = await child.ask({ kind: "memory" });
  return Number(heapUsed) + Number(external);
}

/**
 * Memory held for each byte that has come, by the kind of input.
 * @param {import("../targets.mjs").Target} target
 */
export async function measureHeld(target) {
  /** @type {Record<string, number>} */
  const multiples = {};
  for (const { begin, name, server } of unfinished) {
    const { child, port } = await startTarget(target, server === undefined ? {} : { server });
    try {
      (await begin(port)).wire.end();
      const before = await heldBytes(child);
      const clients = [];
      for (let count = 0; count < CLIENTS; count++) clients.push(await begin(port));
      const sent = clients.reduce((sum, { bytes }) => sum + bytes, 0);
      multiples[name] = ((await heldBytes(child)) - before) / sent;
      for (const { wire } of clients) wire.end();
    } finally {
      await child.end();
    }
  }
  return multiples;
}

const REFUSED = 1000;
const AFTER_MS = 2000;

const foreign = { destroyUpgradeTimeout: 1000 };
const refusals = [
  { name: "unknown transport", path: "/socket.io/?EIO=4&transport=none" },
  { name: "unknown session", path: "/socket.io/?EIO=4&transport=websocket&sid=none" },
  { name: "another path", path: "/other", server: foreign },
];

/** @param {number} pid */
function descriptors(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/**
 * Descriptors held two seconds after a thousand handshakes were turned down: of clients that have sent one byte more
 * and gone, and of clients that stay.
 * @param {import("../targets.mjs").Target} target
 */
export async function measureDescriptors(target) {
  /** @type {Record<string, number>} */
  const held = {};
  for (const { name, path, server } of refusals) {
    for (const stays of [false, true]) {
      const { child, port } = await startTarget(target, server === undefined ? {} : { server });
      try {
        const before = descriptors(child.pid);
        const wires = [];
        for (let count = 0; count < REFUSED; count++) {
          const wire = await Wire.open(port);
          wire.socket.write(handshake(path));
          wires.push(wire);
        }
        // Two round trips later every handshake has been seen.
        await (
          await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=none`, {
            headers: { connection: "close" },
          })
        ).text();
        for (const { socket } of wires) {
          if (stays) socket.write("x");
          else socket.end("x");
        }
        await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
        held[`${name}, ${stays ? "clients stay" : "clients gone"}`] =
          descriptors(child.pid) - before;
        for (const wire of wires) wire.end();
      } finally {
        await child.end();
      }
    }
  }
  return held;
}
