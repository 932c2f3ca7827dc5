// #region shown
import { io } from "@sockeye/client";

const socket = io("https://example.com/namespace", { auth: { token: "secret" } });

socket.on("connect", () => socket.id); // also after each reconnection
socket.on("connect_error", (error) => [error.message, error.data, socket.active]);
socket.on("disconnect", (reason) => [reason, socket.active]);
socket.onStatus((status) => status.state); // idle, connecting, open, waiting, closed

socket.emit("event", 1, new Uint8Array(2));
socket.volatile.emit("position", 1, 2);
const answer = await socket.timeout(5000).emitWithAck("event", 1);

socket.disconnect();
socket.connect();
socket.io.engine.transport.name; // "websocket" or "polling"
// #endregion shown
console.debug(answer);
