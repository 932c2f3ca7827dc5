import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

// #region server
const server = new Server(3000, {
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});

server.on("connection", (socket) => {
  if (socket.recovered)
    console.log("again, with its rooms"); // again, with its rooms
  else socket.join("news");
});
// #endregion server

// #region client
const socket = io("http://localhost:3000", {
  reconnectionDelay: 100,
});
socket.on("news", (text) => console.log(text)); // first; missed
socket.on("connect", () => {
  if (!socket.recovered) console.log("new: load the page's state"); // new: load the page's state
});
// #endregion client

await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
server.to("news").emit("news", "first");
await new Promise((resolve) => socket.once("news", () => resolve(undefined)));
socket.io.engine.close(); // as if the network were lost
server.to("news").emit("news", "missed");
await new Promise((resolve) => socket.once("news", () => resolve(undefined)));
socket.disconnect();
await server.close();
