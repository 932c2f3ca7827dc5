import { Server } from "@sockeye/deno";

const io = new Server({ transports: ["polling", "websocket", "webtransport"] });

io.on("connection", (socket) => console.log(socket.conn.transport.name));

io.listen({
  port: 443,
  cert: Deno.readTextFileSync("cert.pem"),
  key: Deno.readTextFileSync("key.pem"),
});
