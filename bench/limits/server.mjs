// A server that answers each event with the same text, with limits or without. Says its port over IPC.

import { createServer } from "node:http";
import { limits } from "@sockeye/limits";
import { Server } from "@sockeye/node";
import { plans } from "./plans.mjs";

const { name } = JSON.parse(process.argv[2] ?? "{}");
const plan = plans[name];
if (plan === undefined) throw new Error(`no limits: ${name}`);

const http = createServer();
const io = new Server(http);
if (plan !== null) limits(io, plan);
io.on("connection", (socket) => socket.on("say", (text) => socket.emit("say", text)));

process.on("message", (/** @type {{ kind: string }} */ { kind }) => {
  if (kind === "end") process.exit();
});
http.listen(0, "127.0.0.1", () => {
  process.send?.({ kind: "listening", port: /** @type {any} */ (http.address()).port });
});
