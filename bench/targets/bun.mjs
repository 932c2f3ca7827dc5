// Bun's WebSockets alone, with its own topics: what `ws.mjs` is for `ws`. Run by Bun.
import { ready } from "./answers.mjs";
import { BROADCAST, isJoin, JOINED, LIMITS, MARK } from "./bare.mjs";

const { Bun } = /** @type {any} */ (globalThis);
const server = Bun.serve({
  ...{ port: 0, hostname: "127.0.0.1" },
  fetch(/** @type {Request} */ request, /** @type {any} */ own) {
    return own.upgrade(request) ? undefined : new Response("not here", { status: 404 });
  },
  websocket: {
    ...{ maxPayloadLength: LIMITS.message, backpressureLimit: LIMITS.waiting, idleTimeout: 0 },
    message(/** @type {any} */ ws, /** @type {string | Uint8Array} */ data) {
      if (typeof data !== "string") ws.send(data);
      else if (data.charCodeAt(MARK) === BROADCAST) server.publish("room", data);
      else if (isJoin(data.charCodeAt(MARK), data.length)) {
        ws.subscribe("room");
        ws.send(JOINED);
      } else ws.send(data);
    },
  },
});
ready(server.port);
