// A server that answers each event with a short one, with a contract or without. Says its port over IPC.

import { createServer } from "node:http";
import { defineContract, enforceContract } from "@sockeye/contract";
import { Server } from "@sockeye/node";
import { contractOf, events } from "./events.mjs";

const { name, isValidated } = JSON.parse(process.argv[2] ?? "{}");
const event = events.find((each) => each.name === name);
if (event === undefined) throw new Error(`no event: ${name}`);

const http = createServer();
const io = new Server(http);
if (isValidated) enforceContract(/** @type {any} */ (io), defineContract(contractOf(event)));
io.on("connection", (socket) => socket.on("say", () => socket.emit("heard")));

process.on("message", (/** @type {{ kind: string }} */ { kind }) => {
  if (kind === "end") process.exit();
});
http.listen(0, "127.0.0.1", () => {
  process.send?.({ kind: "listening", port: /** @type {any} */ (http.address()).port });
});
