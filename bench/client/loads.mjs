// The rows of the measurement: what is sent, how many messages are on their way at a time, and over which transport.

/**
 * @typedef {object} Load
 * @property {string} name
 * @property {"emit" | "ack" | "echo"} kind sent one way; acknowledged by the server; sent back as an event
 * @property {"text" | "object" | "binary"} payload
 * @property {number} connections
 * @property {number} window messages in flight on each connection
 * @property {string[]} transports
 * @property {number} goal how often our CPU must go into Socket.IO's
 */

const KINDS = /** @type {const} */ (["emit", "ack", "echo"]);
const PAYLOADS = /** @type {const} */ (["text", "binary"]);
const TRANSPORTS = /** @type {const} */ (["websocket", "polling"]);
const SHOWN = { websocket: "WebSocket", polling: "polling" };

/** A lone message costs no more than Socket.IO's client; of 16 in flight each costs half. */
const GOALS = { lone: 1, many: 2 };

/**
 * @param {Pick<Load, "kind" | "payload"> & { transport: keyof typeof SHOWN, window: number }} what
 * @returns {Load}
 */
function load({ kind, payload, transport, window }) {
  const isLone = window === 1;
  return {
    name: `${kind}, ${payload}, ${SHOWN[transport]}, ${isLone ? "lone" : `${window} in flight`}`,
    kind,
    payload,
    connections: isLone ? 20 : 5,
    window,
    transports: [transport],
    goal: isLone ? GOALS.lone : GOALS.many,
  };
}

/** All rows. @type {Load[]} */
export const LOADS = TRANSPORTS.flatMap((transport) => [
  ...PAYLOADS.flatMap((payload) => {
    return KINDS.map((kind) => load({ kind, payload, transport, window: 1 }));
  }),
  load({ kind: "echo", payload: "object", transport, window: 1 }),
  ...KINDS.map((kind) => load({ kind, payload: "text", transport, window: 16 })),
]);
