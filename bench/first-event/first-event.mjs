// What is timed, on Node and in pages alike: from the call that connects until the server's first event is there.
// Pages are sent these functions as text, so they can use nothing else that stands here.

/**
 * @typedef {object} FirstEvent
 * @property {number} milliseconds
 * @property {string} transport in use when the event came
 */

// The query names the connection, so that the server can count what it costs.

/**
 * By a client of Socket.IO's protocol.
 * @param {(url: string, options: object) => any} io
 * @param {string} url
 * @param {object} options
 * @returns {Promise<FirstEvent>}
 */
export function firstEvent(io, url, options) {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = io(url, { forceNew: true, ...options });
    socket.once("first", () => {
      const milliseconds = performance.now() - began;
      const transport = socket.io.engine.transport.name;
      socket.disconnect();
      resolve({ milliseconds, transport });
    });
  });
}

/**
 * By a WebSocket and as little as the protocol allows, which is what no client can be faster than.
 * @param {new (url: string) => any} WebSocket
 * @param {string} url
 * @param {string} query
 * @returns {Promise<FirstEvent>}
 */
export function bareFirstEvent(WebSocket, url, query) {
  return new Promise((resolve) => {
    const began = performance.now();
    const target = `${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket&${query}`;
    const socket = new WebSocket(target);
    socket.onmessage = (/** @type {{ data: string }} */ { data }) => {
      if (data.startsWith("0")) socket.send("40");
      if (!data.startsWith("42")) return;
      const milliseconds = performance.now() - began;
      socket.close();
      resolve({ milliseconds, transport: "websocket" });
    };
  });
}
