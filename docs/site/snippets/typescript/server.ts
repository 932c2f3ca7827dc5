import { type DefaultEventsMap, Server } from "@sockeye/node";
import type { ClientToServer, ServerToClient } from "./events.ts";

interface Data {
  name: string;
}

const io = new Server<ClientToServer, ServerToClient, DefaultEventsMap, Data>(3000);

io.use((socket, next) => {
  socket.data.name = String(socket.handshake.auth["name"]);
  next();
});

let id = 0;
io.on("connection", (socket) => {
  socket.on("say", (text, answer) => {
    io.emit("said", socket.data.name, text);
    answer({ id: ++id });
  });
});
