// A consumer's program with a host on Node and one on Bun, chosen when it starts.

import { type BunHandler, Server as BunServer } from "@sockeye/bun";
import { Server as NodeServer } from "@sockeye/node";

interface ToServer {
  say: (text: string) => void;
}
interface FromServer {
  said: (text: string) => void;
}

const isBun = "Bun" in globalThis;
const io: NodeServer<ToServer, FromServer> | BunServer<ToServer, FromServer> = isBun
  ? new BunServer<ToServer, FromServer>()
  : new NodeServer<ToServer, FromServer>();
io.emit("said", "to all");
// @ts-expect-error There is no such event.
io.emit("nothing");

const onBun = new BunServer<ToServer, FromServer>();
onBun.on("connection", (socket) => {
  socket.on("say", (text) => onBun.emit("said", text));
  const url: string | undefined = socket.request.raw?.url;
  void url;
});
export const handler: BunHandler = onBun.handler();

const onNode = new NodeServer<ToServer, FromServer>();
onNode.on("connection", (socket) => {
  socket.on("say", (text) => onNode.emit("said", text));
  // @ts-expect-error Bun's request is not Node's.
  void socket.request.raw;
});
