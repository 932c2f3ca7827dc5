// A client in a process of its own: connects as often as its plan says, one after the other, and reports how long
// each first event took. Loading the client is not counted.

import { bareFirstEvent, firstEvent } from "./first-event.mjs";

const { connections, module, options, url } = JSON.parse(process.argv[2] ?? "{}");
const { io, WebSocket } = await import(module);

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
