// Deno's WebSockets alone: what `ws.mjs` is for `ws`. Deno has no topics. Run by Deno.
import { ready } from "./answers.mjs";
import { BROADCAST, isJoin, JOINED, MARK } from "./bare.mjs";

const { Deno } = /** @type {any} */ (globalThis);
/** @type {Set<WebSocket>} */
const room = new Set();

/** @param {Request} request */
function handle(request) {
  if (request.headers.get("upgrade") === null) return new Response("not here", { status: 404 });
  /** @type {{ socket: WebSocket, response: Response }} */
  const { response, socket } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") socket.send(data);
    else if (data.charCodeAt(MARK) === BROADCAST) {
      for (const member of room) if (member.readyState === WebSocket.OPEN) member.send(data);
    } else if (isJoin(data.charCodeAt(MARK), data.length)) {
      room.add(socket);
      socket.send(JOINED);
    } else socket.send(data);
  };
  socket.onclose = () => room.delete(socket);
  socket.onerror = () => {};
  return response;
}

ready(Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handle).addr.port);
