// The events that are passed on: what a sender writes, about 64 KiB each, and small ones.

const PLACEHOLDER = '{"_placeholder":true,"num":0}';
const TARGET = 65_000;

/**
 * A list that is about 64 KiB long as JSON.
 * @param {(index: number) => unknown} item
 */
function list(item) {
  /** @type {unknown[]} */
  const items = [];
  for (let length = 0; length < TARGET; length += JSON.stringify(items.at(-1)).length + 1) {
    items.push(item(items.length));
  }
  return items;
}

const words = "the quick brown fox jumps over the lazy dog and runs ";

/**
 * @typedef {object} Message
 * @property {string} name
 * @property {(namespace: string) => (string | Uint8Array)[]} frames without the character of Engine.IO
 * @property {number} least how many times cheaper passing on must be, without the network
 */

/**
 * @param {string} name
 * @param {unknown} data
 * @param {number} least
 * @returns {Message}
 */
function json(name, data, least) {
  return {
    name,
    least,
    frames: (namespace) => [`2${namespace}${JSON.stringify(["cursor", data])}`],
  };
}

/** @type {Message[]} */
export const messages = [
  json(
    "64 KiB of JSON: records",
    list((id) => ({ id, name: `user ${id}`, x: id * 1.5, on: id % 2 === 0, tags: ["a", "b"] })),
    1.8,
  ),
  json(
    "64 KiB of JSON: points",
    list((at) => ({ x: Math.sin(at), y: Math.cos(at) })),
    1.8,
  ),
  json(
    "64 KiB of JSON: short texts",
    list((at) => `${words.slice(0, 20 + (at % 30))}${at}`),
    1.8,
  ),
  json("64 KiB of JSON: one text", words.repeat(TARGET / words.length), 1.8),
  {
    name: "64 KiB of bytes",
    least: 5,
    frames: (namespace) => [
      `51-${namespace}["cursor",${PLACEHOLDER}]`,
      new Uint8Array(65_536).map((_, at) => at),
    ],
  },
  json("30 bytes of JSON", { x: 120, y: 345 }, 1),
];
