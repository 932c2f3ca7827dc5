// `ws` alone, no protocol (bare.mjs).
import { WebSocket, WebSocketServer } from "ws";
import { BROADCAST, isJoin, JOINED, MARK } from "./bare.mjs";
import { listenSoon } from "./http-server.mjs";

const server = new WebSocketServer({ server: listenSoon(), perMessageDeflate: false });
/** @type {Set<WebSocket>} */
const room = new Set();

server.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => {
    const bytes = /** @type {Buffer} */ (data);
    if (isBinary) socket.send(bytes);
    else if (bytes[MARK] === BROADCAST) {
      const text = bytes.toString();
      for (const member of room) if (member.readyState === WebSocket.OPEN) member.send(text);
    } else if (isJoin(bytes[MARK], bytes.length)) {
      room.add(socket);
      socket.send(JOINED);
    } else socket.send(bytes.toString());
  });
  socket.on("close", () => room.delete(socket));
  socket.on("error", () => {});
});
