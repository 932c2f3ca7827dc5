// The messages that one connection may have in flight, made once, side by side in memory: sending some is
// writing their numbers and handing over one piece of memory. A slot is free again once its reply is here.

import { makeMask, maskedFrame } from "./frames.mjs";
import { stamp } from "./messages.mjs";

/**
 * @typedef {object} Slot
 * @property {Buffer} bytes
 * @property {number} digitsAt
 * @property {Uint8Array} mask
 * @property {number} phase place of the first digit within the mask
 */

/**
 * The masked frames of one message.
 * @param {readonly import("./messages.mjs").Part[]} parts
 * @returns {Slot}
 */
export function webSocketSlot(parts) {
  const mask = makeMask();
  const frames = parts.map(({ opcode, payload }) => maskedFrame(opcode, payload, mask));
  let digitsAt = 0;
  let phase = 0;
  let offset = 0;
  for (const [index, { bytes, payloadAt }] of frames.entries()) {
    const at = parts[index]?.digitsAt ?? -1;
    if (at >= 0) {
      digitsAt = offset + payloadAt + at;
      phase = at & 3;
    }
    offset += bytes.length;
  }
  return { bytes: Buffer.concat(frames.map(({ bytes }) => bytes)), digitsAt, mask, phase };
}

/** As many copies of a slot as may be in flight. */
export class SendRing {
  /** How many. */
  size;
  #slot;
  #first;
  #bytes;

  /**
   * @param {Slot} slot
   * @param {{ size: number, first: number }} how `first`: what is added to each number
   */
  constructor(slot, { size, first }) {
    this.size = size;
    this.#slot = slot;
    this.#first = first;
    this.#bytes = Buffer.alloc(slot.bytes.length * size);
    for (let at = 0; at < size; at++) this.#bytes.set(slot.bytes, at * slot.bytes.length);
  }

  /**
   * Sends `count` messages from the one with number `from` on.
   * @param {number} from
   * @param {number} count at most `size`
   * @param {(bytes: Uint8Array) => void} write
   */
  send(from, count, write) {
    const { bytes, digitsAt, mask, phase } = this.#slot;
    for (let number = from; number < from + count; number++) {
      const at = (number % this.size) * bytes.length + digitsAt;
      stamp(this.#bytes, { at, number: this.#first + number, mask, phase });
    }
    const start = from % this.size;
    const straight = Math.min(count, this.size - start);
    write(this.#bytes.subarray(start * bytes.length, (start + straight) * bytes.length));
    if (straight < count) write(this.#bytes.subarray(0, (count - straight) * bytes.length));
  }
}
