// A client in a process of its own: connects, asks once, and disconnects. Plain JavaScript, run by Node as it is.
import { io } from "@sockeye/client";

const { url, text } = JSON.parse(process.argv[2]);
const socket = io(url, { transports: ["websocket"], reconnection: false });
await socket.emitWithAck("ask", text);
socket.disconnect();
process.disconnect();
