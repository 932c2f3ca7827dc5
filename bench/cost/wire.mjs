// Bytes to a server over a bare TCP connection: requests, WebSocket frames in any number of pieces, and waiting until
// the server has dealt with them.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { BINARY, maskedFrame, PING, TEXT, textFrame } from "../load/frames.mjs";

const HOST = "127.0.0.1";
const FIN = 0x80;
const FIRST_BYTE_RSV1 = 0x40;

/** @typedef {import("node:net").Socket} Socket */

/**
 * The lines of a request that asks for a WebSocket.
 * @param {string} path
 * @param {Record<string, string>} [headers]
 */
export function handshake(path, headers = {}) {
  const all = {
    Host: HOST,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** One connection. */
export class Wire {
  /** @type {Socket} */
  socket;
  #received = Buffer.alloc(0);

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on("data", (/** @type {Buffer} */ chunk) => {
      // What is waited for is short and comes last.
      this.#received = Buffer.concat([this.#received.subarray(-8192), chunk]);
    });
    socket.on("error", () => {});
  }

  /** @param {number} port */
  static async open(port) {
    const socket = connect(port, HOST).setNoDelay(true);
    const wire = new Wire(socket);
    await once(socket, "connect");
    return wire;
  }

  /**
   * Waits until the server has sent these bytes.
   * @param {string | Buffer} part
   */
  async until(part) {
    while (!this.#received.includes(part)) {
      if (this.socket.destroyed || this.socket.readableEnded) {
        throw new Error(
          `the server has closed: ${JSON.stringify(this.#received.toString("latin1").slice(-200))}`,
        );
      }
      await Promise.race([once(this.socket, "data"), once(this.socket, "close")]);
    }
    const text = this.#received.toString("latin1");
    this.#received = Buffer.alloc(0);
    return text;
  }

  /** Waits until the server has read everything that was sent: it answers pings in order. */
  async fence() {
    const mark = randomBytes(16);
    this.socket.write(maskedFrame(PING, mark, randomBytes(4)).bytes);
    await this.until(mark);
  }

  end() {
    this.socket.destroy();
  }
}

/**
 * A connection over WebSocket that has joined the main namespace.
 * @param {number} port
 * @param {Record<string, string>} [headers]
 */
export async function openWebSocket(port, headers = {}) {
  const wire = await Wire.open(port);
  wire.socket.write(handshake("/socket.io/?EIO=4&transport=websocket", headers));
  await wire.until('"maxPayload"');
  wire.socket.write(textFrame("40"));
  await wire.until("40{");
  return wire;
}

/**
 * A message in pieces.
 * @param {Uint8Array} payload
 * @param {{ opcode: number, piece: number, isCompressed?: boolean, isOpen?: boolean }} how `piece`: bytes in each;
 *   `isOpen`: the last one is not said to be the last
 */
export function inPieces(payload, { isCompressed = false, isOpen = false, opcode, piece }) {
  const frames = [];
  const mask = randomBytes(4).map((byte) => byte | 1);
  for (let at = 0; at < payload.length; at += piece) {
    const { bytes } = maskedFrame(opcode, payload.subarray(at, at + piece), mask);
    const isLast = at + piece >= payload.length && !isOpen;
    bytes[0] =
      (isLast ? FIN : 0) |
      (at === 0 ? opcode : 0) |
      (at === 0 && isCompressed ? FIRST_BYTE_RSV1 : 0);
    frames.push(bytes);
  }
  return Buffer.concat(frames);
}

/**
 * A session over polling that has joined the main namespace; returns the path of its requests.
 * @param {number} port
 */
export async function openSession(port) {
  const url = `http://${HOST}:${port}/socket.io/?EIO=4&transport=polling`;
  const text = await (await fetch(url)).text();
  const path = `/socket.io/?EIO=4&transport=polling&sid=${JSON.parse(text.slice(1)).sid}`;
  await (await fetch(`http://${HOST}:${port}${path}`, { method: "POST", body: "40" })).text();
  return path;
}

/**
 * The head of a POST whose body comes in chunks.
 * @param {string} path
 */
export function chunkedHead(path) {
  return `POST ${path} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: text/plain;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n`;
}

/**
 * A body in chunks of one byte each, without its end.
 * @param {string} body one byte for each character
 */
export function inChunks(body) {
  const bytes = Buffer.alloc(6 * body.length, "1\r\n_\r\n");
  for (let at = 0; at < body.length; at++) bytes[6 * at + 3] = body.charCodeAt(at);
  return bytes;
}

export { BINARY, TEXT };
