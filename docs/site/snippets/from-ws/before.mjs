import { WebSocketServer } from "ws";

const alive = new WeakSet();
const server = new WebSocketServer({ port: 3000 });

server.on("connection", (socket) => {
  alive.add(socket);
  socket.on("pong", () => alive.add(socket));
  socket.on("message", (data) => {
    const { type, text } = JSON.parse(String(data));
    if (type !== "say") return;
    for (const client of server.clients) {
      if (client.readyState === 1) client.send(JSON.stringify({ type: "said", text }));
    }
  });
});

setInterval(() => {
  for (const client of server.clients) {
    if (!alive.delete(client)) client.terminate();
    client.ping();
  }
}, 30_000);
