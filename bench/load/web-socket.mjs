// A WebSocket client that is as cheap as Node allows: no stream, one read buffer for all connections, frames
// compared where they lie. It takes only what servers here send: unmasked, unfragmented, uncompressed.
// Hot path: one object per frame.

import { connect } from "node:net";
import { CLOSE, maskedFrame, PING, PONG } from "./frames.mjs";

// With eight, storms that followed each other ran out of ports: the kernel searched for one for 5 ms, on the
// generator's core, and the server's caches went cold meanwhile.
const SOURCES = 64;
const HANDSHAKE_END = Buffer.from("\r\n\r\n");

/**
 * @typedef {object} Place where to connect to
 * @property {number} port
 * @property {Buffer} buffer what is read goes in here; all connections may share it
 * @property {number} index of the connection: spreads them over source addresses, which run out of ports
 *
 * @typedef {object} FrameHandler
 * @property {() => void} onOpen the handshake went through
 * @property {(data: Buffer, frame: { opcode: number, start: number, end: number }) => void} onFrame
 * @property {() => void} [onRead] all frames of one read were handed over
 * @property {(why: string) => void} onEnd the connection is gone
 */

/** @param {number} index */
function sourceOf(index) {
  return process.platform === "linux" ? `127.0.0.${2 + (index % SOURCES)}` : "127.0.0.1";
}

/**
 * Opens a network connection without a stream's buffers.
 * @param {Place} place
 * @param {(count: number) => void} onBytes
 */
export function openSocket({ port, buffer, index }, onBytes) {
  const callback = (/** @type {number} */ count) => {
    onBytes(count);
    return true;
  };
  const socket = connect({
    port,
    host: "127.0.0.1",
    localAddress: sourceOf(index),
    noDelay: true,
    onread: { buffer, callback },
  });
  return socket;
}

/** One WebSocket. */
export class WebSocketPeer {
  #handler;
  #buffer;
  #socket;
  /** @type {Buffer | null} */
  #rest = null;
  /** @type {"handshake" | "open" | "ended"} */
  #phase = "handshake";

  /**
   * @param {Place & { path: string }} place
   * @param {FrameHandler} handler
   */
  constructor(place, handler) {
    this.#handler = handler;
    this.#buffer = place.buffer;
    this.#socket = openSocket(place, (count) => this.#onBytes(count));
    this.#socket.once("error", (error) => this.#end(error.message));
    this.#socket.once("close", () => this.#end("closed"));
    this.#socket.write(
      `GET ${place.path} HTTP/1.1\r\nHost: 127.0.0.1:${place.port}\r\nUpgrade: websocket\r\n` +
        "Connection: Upgrade\r\nSec-WebSocket-Key: c29ja2V5ZS1iZW5jaG1hcg==\r\n" +
        "Sec-WebSocket-Version: 13\r\n\r\n",
    );
  }

  /**
   * Sends bytes that are frames already. They must not change until their reply is here.
   * @param {Uint8Array} bytes
   */
  write(bytes) {
    this.#socket.write(bytes);
  }

  /** Cuts the connection. */
  destroy() {
    this.#phase = "ended";
    this.#socket.destroy();
  }

  /** @param {number} count */
  #onBytes(count) {
    let data = this.#buffer;
    let end = count;
    if (this.#rest !== null) {
      data = Buffer.concat([this.#rest, data.subarray(0, count)]);
      end = data.length;
      this.#rest = null;
    }
    let at = 0;
    if (this.#phase === "handshake") at = this.#takeHandshake(data, end);
    if (this.#phase === "open") at = this.#takeFrames(data, at, end);
    if (this.#phase === "ended") return;
    if (at < end) this.#rest = Buffer.from(data.subarray(at, end));
    this.#handler.onRead?.();
  }

  /**
   * @param {Buffer} data
   * @param {number} end
   */
  #takeHandshake(data, end) {
    const head = data.subarray(0, end).indexOf(HANDSHAKE_END);
    if (head === -1) return 0;
    if (data.toString("latin1", 9, 12) !== "101") {
      this.#end(`the upgrade was refused: ${data.toString("latin1", 0, Math.min(end, 80))}`);
      this.#socket.destroy();
      return end;
    }
    this.#phase = "open";
    this.#handler.onOpen();
    return head + HANDSHAKE_END.length;
  }

  /**
   * @param {Buffer} data
   * @param {number} from
   * @param {number} to
   * @returns {number} where the first incomplete frame begins
   */
  #takeFrames(data, from, to) {
    let at = from;
    while (to - at >= 2 && this.#phase === "open") {
      const opcode = (data[at] ?? 0) & 0x0f;
      const short = data[at + 1] ?? 0;
      let start = at + 2;
      let length = short;
      if (short === 126) {
        if (to - at < 4) return at;
        length = data.readUInt16BE(at + 2);
        start = at + 4;
      } else if (short === 127) {
        if (to - at < 10) return at;
        length = data.readUIntBE(at + 4, 6);
        start = at + 10;
      } else if (short > 127) {
        this.#end("a masked frame from the server");
        return to;
      }
      const end = start + length;
      if (end > to) return at;
      if (opcode === 0 || ((data[at] ?? 0) & 0xf0) !== 0x80) {
        this.#end("a fragmented or compressed frame");
        return to;
      }
      at = end;
      this.#onFrame(data, { opcode, start, end });
    }
    return at;
  }

  /**
   * @param {Buffer} data
   * @param {{ opcode: number, start: number, end: number }} frame
   */
  #onFrame(data, frame) {
    if (frame.opcode < CLOSE) this.#handler.onFrame(data, frame);
    else if (frame.opcode === CLOSE) this.#socket.end();
    else if (frame.opcode === PING) {
      const payload = data.subarray(frame.start, frame.end);
      this.#socket.write(maskedFrame(PONG, payload, new Uint8Array([1, 2, 3, 4])).bytes);
    }
  }

  /** @param {string} why */
  #end(why) {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#handler.onEnd(why);
  }
}
