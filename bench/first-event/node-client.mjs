// A client in a process of its own: connects as often as its plan says, one after the other, and reports how long
// each first event took. Loading the client is not counted.

import { bareFirstEvent, firstEvent } from "./first-event.mjs";

const { attempts, module, options, port } = JSON.parse(process.argv[2] ?? "{}");
const url = `http://127.0.0.1:${port}`;
const { io, WebSocket } = await import(module);

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
const results = [];
for (let attempt = 0; attempt < attempts; attempt++) {
  results.push(await (io ? firstEvent(io, url, options) : bareFirstEvent(WebSocket, url)));
}
process.send?.({ kind: "result", results });
