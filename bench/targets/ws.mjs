// `ws` alone: the bytes of Socket.IO without Engine.IO, Socket.IO, heartbeat or polling. Each message is echoed;
// one that begins `42["b` goes to everybody who sent `42["join"]`. A limit to compare with, no server to use.
import { WebSocket, WebSocketServer } from "ws";
import { listenSoon } from "./http-server.mjs";

const BROADCAST = "b".charCodeAt(0);
const JOIN = "j".charCodeAt(0);
const MARK = '42["'.length;
const JOIN_LENGTH = '42["join"]'.length;

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
    } else if (bytes[MARK] === JOIN && bytes.length === JOIN_LENGTH) {
      room.add(socket);
      socket.send('42["joined"]');
    } else socket.send(bytes.toString());
  });
  socket.on("close", () => room.delete(socket));
  socket.on("error", () => {});
});
