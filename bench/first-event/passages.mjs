// Reads what a proxy has let through: how often the two sides waited for each other, and what was asked for.
// For tests, which count round trips rather than milliseconds.

/**
 * @typedef {object} Passage
 * @property {"up" | "down"} way to the server, or from it
 * @property {number} connection counted from 0
 * @property {string} text one character per byte
 */

const REQUEST = /^(?:GET|POST) \S+/gm;

/**
 * Everything until a text has come from the server, that included.
 * @param {readonly Passage[]} passages
 * @param {string} text
 * @returns {readonly Passage[]}
 */
export function passagesUntil(passages, text) {
  const last = passages.findIndex((passage) => {
    return passage.way === "down" && passage.text.includes(text);
  });
  if (last === -1) throw new Error(`${text} did not come by`);
  return passages.slice(0, last + 1);
}

/**
 * How many round trips these passages are: how often the server spoke after the client had.
 * @param {readonly Passage[]} passages
 */
export function roundTrips(passages) {
  return passages.filter(({ way }, index) => way === "down" && passages[index - 1]?.way === "up")
    .length;
}

/**
 * The requests among these passages, `GET /path` for instance.
 * @param {readonly Passage[]} passages
 */
export function requestsIn(passages) {
  return passages.flatMap(({ text, way }) => (way === "up" ? (text.match(REQUEST) ?? []) : []));
}
