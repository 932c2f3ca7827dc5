import { createServer } from "node:http";
import { Server } from "@sockeye/node";
import { WebSocketServer } from "ws";

const http = createServer();
const io = new Server(http, { destroyUpgrade: false });
const old = new WebSocketServer({ noServer: true });

http.on("upgrade", (request, socket, head) => {
  if (!request.url.startsWith("/socket.io/")) {
    old.handleUpgrade(request, socket, head, (client) => old.emit("connection", client, request));
  }
});

io.on("connection", (socket) => socket.emit("welcome"));
old.on("connection", (client) => client.send("welcome"));
http.listen(3000);
