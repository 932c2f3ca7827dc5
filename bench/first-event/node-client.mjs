// A client in a process of its own: connects as often as its plan says, one after the other, and reports how long
// each first event took. Loading the client is not counted.

import { createServer } from "node:net";
import { DelayLine } from "./delay-line.mjs";
import { bareFirstEvent, firstEvent } from "./first-event.mjs";

/**
 * Lets this process hear of each TCP connection that it has made a round trip later. No proxy can do that: the kernel
 * establishes connections before the proxy hears of them. Clients measure it.
 * @param {number} delayMs
 */
async function delayEstablishing(delayMs) {
  const line = new DelayLine(delayMs);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  // The same class as of connections; Node does not export it.
  const prototype = Object.getPrototypeOf(/** @type {any} */ (server)._handle);
  server.close();
  const { connect } = prototype;
  prototype.connect = function (/** @type {any} */ request, /** @type {unknown[]} */ ...rest) {
    const { oncomplete } = request;
    request.oncomplete = (/** @type {unknown[]} */ ...result) => {
      line.add(() => oncomplete.apply(request, result));
    };
    return connect.call(this, request, ...rest);
  };
}

const { connections, module, options, roundTripMs, url } = JSON.parse(process.argv[2] ?? "{}");
const { io, WebSocket } = await import(module);
await delayEstablishing(roundTripMs);

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
const results = [];
for (const connection of connections) {
  // The certificate is the measurement's own.
  const more = {
    query: { connection },
    ...(url.startsWith("https") && { rejectUnauthorized: false }),
  };
  results.push(
    await (io
      ? firstEvent(io, url, { ...options, ...more })
      : bareFirstEvent(WebSocket, url, `connection=${connection}`)),
  );
}
process.send?.({ kind: "result", results });
