// uWebSockets.js alone, with its own topics: what `ws.mjs` is for `ws`.
import { ready } from "./answers.mjs";
import { BROADCAST, isJoin, JOINED, LIMITS, MARK } from "./bare.mjs";
import { loadUws } from "./uws-module.mjs";

const uws = loadUws();
const app = uws.App();
app.ws("/*", {
  ...{ maxPayloadLength: LIMITS.message, maxBackpressure: LIMITS.waiting, idleTimeout: 0 },
  message(/** @type {any} */ ws, /** @type {ArrayBuffer} */ data, /** @type {boolean} */ isBinary) {
    const bytes = new Uint8Array(data);
    if (!isBinary && bytes[MARK] === BROADCAST) app.publish("room", data, false);
    else if (!isBinary && isJoin(bytes[MARK], bytes.length)) {
      ws.subscribe("room");
      ws.send(JOINED);
    } else ws.send(data, isBinary);
  },
});
app.listen("127.0.0.1", 0, (/** @type {unknown} */ token) => {
  if (!token) throw new Error("uWebSockets.js does not listen");
  ready(uws.us_socket_local_port(token));
});
