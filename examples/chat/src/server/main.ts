// Starts the chat: reads PORT and HOST, serves the page and the sockets on one HTTP server, and
// closes both when the process is asked to end. What a chat is, chat.ts knows.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Server } from "@sockeye/node";
import type { ClientToServer, ServerToClient } from "../shared/events.ts";
import { maxPictureBytes } from "../shared/limits.ts";
import { Chat, type NoEvents, type SocketData } from "./chat.ts";
import { StaticFiles, tableOf } from "./static-files.ts";

const port = Number(process.env.PORT || 3000);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT must be a whole number from 0 to 65535, not "${process.env.PORT}".`);
  process.exit(1);
}
const host = process.env.HOST || undefined;

const folders = ["../../public/", "../page/"];
const files = new StaticFiles(
  tableOf(folders.map((folder) => fileURLToPath(new URL(folder, import.meta.url)))),
);
const httpServer = createServer((request, response) => void files.serve(request, response));

const io = new Server<ClientToServer, ServerToClient, NoEvents, SocketData>(httpServer, {
  // A picture grows by a third when polling carries it as base64; the rest is for its message.
  maxHttpBufferSize: Math.ceil(maxPictureBytes * 1.4) + 64 * 1024,
  // A page that is gone without a word, say between two polls, is off the list after 18 seconds.
  pingInterval: 10_000,
  pingTimeout: 8_000,
});
new Chat(io).open();

httpServer.on("error", (error) => {
  console.error(`The chat cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
httpServer.listen({ port, host }, () => {
  const address = httpServer.address() as AddressInfo;
  const shown = host === undefined || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  console.log(
    `Chat is running: http://${shown.includes(":") ? `[${shown}]` : shown}:${address.port}`,
  );
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void io.close());
}
