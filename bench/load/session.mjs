// One Socket.IO connection over WebSocket, from the handshake to the namespace and, if asked, into the room;
// or, raw, only the latter. Answers pings. What comes after that is the lane's.

import { textFrame } from "./frames.mjs";
import { WebSocketPeer } from "./web-socket.mjs";

const PING = 0x32;
const OPEN = 0x30;
const NOOP = "6";

/** Path of a bare WebSocket server. */
const RAW_PATH = "/";
/** Path of a session over WebSocket. */
export const WEBSOCKET_PATH = "/socket.io/?EIO=4&transport=websocket";

/**
 * @typedef {object} Lane what a session's owner does with it
 * @property {() => void} onReady
 * @property {(data: Buffer, frame: { opcode: number, start: number, end: number }) => void} onMessage
 * @property {() => void} [onRead]
 * @property {(why: string) => void} onLost
 *
 * @typedef {object} SessionPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {boolean} isRaw
 * @property {boolean} [joins] whether it joins the room before it is ready
 */

/** A connection to the server under test. */
export class Session {
  /** Pings answered so far. */
  pings = 0;
  #plan;
  #lane;
  #peer;
  /** @type {"opening" | "connecting" | "joining" | "ready"} */
  #phase = "opening";

  /**
   * @param {SessionPlan} plan
   * @param {number} index
   * @param {Lane} lane
   */
  constructor(plan, index, lane) {
    this.#plan = plan;
    this.#lane = lane;
    const { port, buffer, isRaw } = plan;
    const path = isRaw ? RAW_PATH : WEBSOCKET_PATH;
    this.#peer = new WebSocketPeer({ port, buffer, index, path }, this);
  }

  /** @param {Uint8Array} bytes frames */
  write(bytes) {
    this.#peer.write(bytes);
  }

  destroy() {
    this.#peer.destroy();
  }

  onOpen() {
    if (this.#plan.isRaw) this.#connected();
  }

  /**
   * @param {Buffer} data
   * @param {{ opcode: number, start: number, end: number }} frame
   */
  onFrame(data, frame) {
    if (frame.end - frame.start === 1 && data[frame.start] === PING) {
      this.pings++;
      this.#peer.write(textFrame("3"));
    } else if (this.#phase === "ready") this.#lane.onMessage(data, frame);
    else this.#onGreeting(data.toString("latin1", frame.start, frame.end));
  }

  onRead() {
    this.#lane.onRead?.();
  }

  /** @param {string} why */
  onEnd(why) {
    this.#lane.onLost(why);
  }

  /** @param {string} text */
  #onGreeting(text) {
    if (text === NOOP) return;
    if (this.#phase === "opening" && text.charCodeAt(0) === OPEN) {
      this.#phase = "connecting";
      this.#peer.write(textFrame("40"));
    } else if (this.#phase === "connecting" && text.startsWith("40")) this.#connected();
    else if (this.#phase === "joining" && text.startsWith('42["joined"')) this.#ready();
    else this.#lane.onLost(`unexpected while ${this.#phase}: ${text.slice(0, 80)}`);
  }

  #connected() {
    if (!this.#plan.joins) {
      this.#ready();
      return;
    }
    this.#phase = "joining";
    this.#peer.write(textFrame('42["join"]'));
  }

  #ready() {
    this.#phase = "ready";
    this.#lane.onReady();
  }
}
