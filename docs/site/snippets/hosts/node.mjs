import { createServer } from "node:http";
import { Server } from "@sockeye/node";

const http = createServer(); // or the server of your framework
const io = new Server(http, { cors: { origin: "https://example.com" } });
io.on("connection", (socket) => {
  socket.on("hello", (name, answer) => answer(`hello ${name}`));
});

http.listen(3000);
