// What is sent and what must come back, byte by byte, for each kind of payload. Each message carries its
// number in eight digits, so that a reply proves count, order and content at once.

import { BINARY, TEXT } from "./frames.mjs";

/** Length of a number. */
export const DIGITS = 8;
const ZEROS = "0".repeat(DIGITS);
const ATTACHMENT_HEAD = '451-["echo",{"_placeholder":true,"num":0}]';
/** Numbers that serve as ids of acknowledgements must not begin with a zero. */
const FIRST_ACK = 10_000_000;

/**
 * @typedef {object} Part one frame of a message
 * @property {number} opcode
 * @property {Buffer} payload
 * @property {number} digitsAt where the number stands in the payload, or -1
 *
 * @typedef {object} Exchange
 * @property {Part[]} request
 * @property {Part[]} reply
 * @property {number} first the number of the first message
 */

/**
 * @param {string} before
 * @param {string} after
 * @returns {Part}
 */
function numbered(before, after) {
  const payload = Buffer.from(before + ZEROS + after);
  return { opcode: TEXT, payload, digitsAt: before.length };
}

/** @param {number} size */
function filler(size) {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789 .,-";
  let text = "";
  for (let at = 0; text.length < size; at += 7) text += letters[at % letters.length];
  return text;
}

/** JSON of small objects, as an application's lists are. @param {number} size */
function objects(size) {
  const list = [];
  let length = 0;
  for (let id = 0; length < size; id++) {
    const item = {
      id,
      name: `user-${(id * 17) % 1000}`,
      on: id % 2 === 1,
      score: ((id * 3) % 101) + 0.5,
      tags: ["red", "green"],
      pos: { x: id % 640, y: -1 - (id % 480) },
    };
    length += JSON.stringify(item).length + 1;
    list.push(item);
  }
  return JSON.stringify(list);
}

/**
 * @param {string} event
 * @param {number} size
 */
function textEvent(event, size) {
  return numbered(`42["${event}","`, `${filler(size - DIGITS)}"]`);
}

/**
 * What is exchanged with a payload of that kind and size.
 * @param {"text" | "json" | "binary" | "ack" | "broadcast"} payload
 * @param {{ size: number, isRaw: boolean }} form `isRaw`: without Socket.IO's framing of attachments
 * @returns {Exchange}
 */
export function exchangeOf(payload, { size, isRaw }) {
  const end = `${filler(size - DIGITS)}"]`;
  switch (payload) {
    case "text": {
      const part = textEvent("echo", size);
      return { request: [part], reply: [part], first: 0 };
    }
    case "json": {
      const part = numbered('42["echo","', `",${objects(size)}]`);
      return { request: [part], reply: [part], first: 0 };
    }
    case "binary": {
      const bytes = { ...numbered("", filler(size - DIGITS)), opcode: BINARY };
      const head = { opcode: TEXT, payload: Buffer.from(ATTACHMENT_HEAD), digitsAt: -1 };
      const parts = isRaw ? [bytes] : [head, bytes];
      return { request: parts, reply: parts, first: 0 };
    }
    case "ack":
      return {
        request: [numbered("42", `["ack","${end}`)],
        reply: [numbered("43", `["${end}`)],
        first: FIRST_ACK,
      };
    case "broadcast": {
      const request = textEvent("broadcast", size);
      return {
        request: [request],
        reply: [isRaw ? request : textEvent("message", size)],
        first: 0,
      };
    }
  }
}

/**
 * Writes a number into eight bytes, each combined with its byte of the mask.
 * @param {Uint8Array} bytes
 * @param {{ at: number, number: number, mask: Uint8Array, phase: number }} how `phase`: the place of the
 *   first digit within the mask
 */
export function stamp(bytes, { at, number, mask, phase }) {
  let rest = number;
  for (let digit = DIGITS - 1; digit >= 0; digit--) {
    bytes[at + digit] = (48 + (rest % 10)) ^ (mask[(phase + digit) & 3] ?? 0);
    rest = Math.floor(rest / 10);
  }
}

const NO_MASK = new Uint8Array(4);

/** What must come back next. One per connection costs memory; the numbers are the caller's, so all share one. */
export class Expectation {
  /** @type {readonly Part[]} */
  parts;
  #first;

  /** @param {Exchange} exchange */
  constructor({ reply, first }) {
    this.parts = reply.map((part) => ({ ...part, payload: Buffer.from(part.payload) }));
    this.#first = first;
  }

  /**
   * Whether these bytes are that part of the reply with that number, counted from 0.
   * @param {Buffer} data
   * @param {{ start: number, end: number, opcode: number }} frame
   * @param {{ part: number, number: number }} due
   */
  isMet(data, frame, due) {
    const part = this.parts[due.part];
    if (part === undefined || part.opcode !== frame.opcode) return false;
    const number = this.#first + due.number;
    if (part.digitsAt >= 0) {
      stamp(part.payload, { at: part.digitsAt, number, mask: NO_MASK, phase: 0 });
    }
    return part.payload.compare(data, frame.start, frame.end) === 0;
  }
}
