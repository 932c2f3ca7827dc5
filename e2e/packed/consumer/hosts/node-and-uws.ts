// A consumer's program with two hosts on Node: one application on both, and each with its runtime's request.

import { createServer } from "node:http";
import { Server as NodeServer } from "@sockeye/node";
import { type UwsApp, Server as UwsServer } from "@sockeye/uws";

interface ToServer {
  ask: (question: string, answer: (value: number) => void) => void;
}
interface FromServer {
  news: (text: string) => void;
}

const onNode: NodeServer<ToServer, FromServer> = new NodeServer(createServer(), {
  serveClient: false,
});
const onUws: UwsServer<ToServer, FromServer> = new UwsServer({ serveClient: false });
export const attach = (app: UwsApp): unknown => onUws.attachApp(app);

for (const io of [onNode, onUws]) {
  io.emit("news", "to all");
  // @ts-expect-error There is no such event.
  io.emit("nothing");
}
onNode.on("connection", (socket) => {
  socket.on("ask", (_question, answer) => answer(1));
  const remote: string | undefined = socket.request.socket.remoteAddress;
  void remote;
});
onUws.on("connection", (socket) => {
  socket.on("ask", (_question, answer) => answer(1));
  // The request of one host is not that of the other.
  // @ts-expect-error A request of Node's.
  socket.request.setTimeout(1);
  const raw: undefined = socket.request.raw;
  void raw;
});
onNode.engine.use((request, _response, next) => {
  request.setTimeout(1);
  next();
});
