// The server for the measurement of first events: emits one to each socket at once, serves pages that load a client, and
// counts what each client costs it. Its plan names the module that brings `Server`.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bareFirstEvent, firstEvent } from "./first-event.mjs";

/**
 * What one connection of a client has cost the server.
 * @typedef {object} Cost
 * @property {number} engineConnections
 * @property {number} allowRequest
 * @property {number} engineMiddleware
 * @property {number} namespaceMiddleware
 */

/** Files of clients that a page may load, by the folder in its address. */
const FOLDERS = {
  sockeye: join(import.meta.dirname, "../../packages/client/dist"),
  "socket.io": dirname(fileURLToPath(import.meta.resolve("socket.io-client/dist/socket.io.js"))),
};
const LOADING = {
  sockeye: `<script src="/files/sockeye/socket.io.min.js"></script>`,
  "sockeye-module": `<script type="module">
import { io } from "/files/sockeye/socket.io.esm.min.js"; globalThis.io = io;
</script>`,
  "socket.io": `<script src="/files/socket.io/socket.io.min.js"></script>`,
};

/** @param {string} client */
function pageFor(client) {
  return `<!doctype html><meta charset="utf-8"><title>first event</title><link rel="icon" href="data:,">
${LOADING[/** @type {keyof typeof LOADING} */ (client)] ?? ""}
<script>${firstEvent}\n${bareFirstEvent}</script>`;
}

/** @type {Map<string, Cost>} */
const costs = new Map();

/**
 * Counts one thing for the connection that a request belongs to; clients say which in their query.
 * @param {string | undefined} address of the request
 * @param {keyof Cost} what
 */
function count(address, what) {
  const connection = new URLSearchParams(address?.split("?")[1]).get("connection") ?? "";
  const cost = costs.get(connection) ?? {
    engineConnections: 0,
    allowRequest: 0,
    engineMiddleware: 0,
    namespaceMiddleware: 0,
  };
  cost[what]++;
  costs.set(connection, cost);
}

/** @type {import("node:http").RequestListener} */
const serve = ({ url = "" }, response) => {
  const [, kind, name = "", file = ""] = url.split("/");
  if (kind === "page") response.setHeader("content-type", "text/html").end(pageFor(name));
  else if (kind === "files" && Object.hasOwn(FOLDERS, name)) {
    const folder = FOLDERS[/** @type {keyof typeof FOLDERS} */ (name)];
    response.setHeader("content-type", "text/javascript");
    response.end(readFileSync(join(folder, basename(file))));
  } else response.writeHead(404).end();
};

const { module, secure, swallows } = JSON.parse(process.argv[2] ?? "{}");
const { Server } = await import(module);
const http = secure === undefined ? createServer(serve) : createSecureServer(secure, serve);
const io = new Server(http, {
  allowRequest(/** @type {{ url: string }} */ { url }, /** @type {Function} */ decide) {
    count(url, "allowRequest");
    decide(null, true);
  },
});
io.engine.use(
  (
    /** @type {{ url: string }} */ { url },
    /** @type {unknown} */ _,
    /** @type {() => void} */ next,
  ) => {
    count(url, "engineMiddleware");
    next();
  },
);
io.engine.on("connection", (/** @type {{ request: { url: string } }} */ { request }) => {
  count(request.url, "engineConnections");
});
io.use((/** @type {any} */ socket, /** @type {() => void} */ next) => {
  count(socket.request.url, "namespaceMiddleware");
  next();
});
io.on("connection", (/** @type {{ emit(event: string): void }} */ socket) => {
  socket.emit("first");
});
if (swallows) {
  // What a proxy does that reads requests to upgrade and never answers them; one in front of TLS could not read them.
  http.removeAllListeners("upgrade");
  http.on("upgrade", (_, socket) => socket.on("error", () => {}).resume());
}
process.on("disconnect", () => process.exit(0));
process.on(
  "message",
  (/** @type {{ kind: string, connection?: string }} */ { connection, kind }) => {
    if (kind === "end") process.exit(0);
    process.send?.({ kind, cost: costs.get(connection ?? "") });
  },
);
http.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ kind: "ready", port });
});
